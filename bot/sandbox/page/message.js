// One message bubble: attachment, text, time, inline buttons.

import { fill, link, make } from "./text.js";

const LONDON = { timeZone: "Europe/London" };
const clockTime = new Intl.DateTimeFormat("en-GB", { ...LONDON, hour: "2-digit", minute: "2-digit" });
const dayName = new Intl.DateTimeFormat("en-GB", { ...LONDON, weekday: "long", day: "numeric", month: "long" });

export const dayOf = (message) => dayName.format(new Date(message.date * 1000));

/** The list item for a message. `on` has command(text), link(url), tap(message_id, row, column), copy(text). */
export function bubble(message, reactions, on) {
  const item = make("li", message.from_bot ? "message from-bot" : "message own");
  const box = make("div", "bubble");
  box.append(make("span", "only-heard", message.from_bot ? "Bot: " : "You: "));
  if (message.reply_to_message) {
    box.append(make("p", "quoted", message.reply_to_message.text || "Earlier message"));
  }
  const attachment = attached(message);
  if (attachment) box.append(attachment);
  const words = message.text || message.caption;
  if (words) {
    const text = make("div", "text");
    text.dir = "auto";
    fill(text, words, message.entities || message.caption_entities, on);
    box.append(text);
  }
  const edited = message.edit_date ? "edited " : "";
  box.append(make("time", "sent", edited + clockTime.format(new Date(message.date * 1000))));
  if (reactions && reactions.length) box.append(make("span", "reaction", reactions[0].emoji || ""));
  item.append(box);
  const rows = message.reply_markup ? message.reply_markup.inline_keyboard : [];
  if (rows.length) item.append(keyboard(message, rows, on));
  return item;
}

function keyboard(message, rows, on) {
  const group = make("div", "buttons");
  group.setAttribute("role", "group");
  group.setAttribute("aria-label", "Answers");
  rows.forEach((row, rowNumber) => {
    const line = make("div", "row");
    row.forEach((button, column) => line.append(inlineButton(button, message.message_id, rowNumber, column, on)));
    group.append(line);
  });
  return group;
}

function inlineButton(button, messageId, row, column, on) {
  const style = button.style ? `inline ${button.style}` : "inline";
  if (button.url) {
    const node = link(button.url, on, `${style} leads-out`);
    node.textContent = button.text;
    return node;
  }
  const node = make("button", button.copy_text ? `${style} copies` : style, button.text);
  node.type = "button";
  node.dir = "auto";
  node.addEventListener("click", () => {
    if (button.copy_text) on.copy(button.copy_text.text);
    else on.tap(messageId, row, column);
  });
  return node;
}

function attached(message) {
  if (message.photo) return photo(message);
  if (message.document) return card("File", message.document.file_name || "file", size(message.document.file_size));
  if (message.voice) return card("Voice message", `${message.voice.duration} seconds`);
  if (message.video) return card("Video", `${message.video.duration} seconds`, size(message.video.file_size));
  if (message.video_note) return card("Video message", `${message.video_note.duration} seconds`);
  if (message.animation) return card("GIF", "");
  if (message.sticker) return make("p", "sticker", message.sticker.emoji || "sticker");
  if (message.dice) return make("p", "sticker", message.dice.emoji);
  if (message.poll) return card("Poll", message.poll.question);
  if (message.contact) return card("Contact", message.contact.first_name, message.contact.phone_number);
  if (message.location) {
    const { latitude, longitude } = message.location;
    return card("Location", `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`);
  }
  return null;
}

function photo(message) {
  const largest = message.photo[message.photo.length - 1];
  const image = make("img", message.has_media_spoiler ? "photo hidden-photo" : "photo");
  image.src = `/sandbox/pictures/${encodeURIComponent(largest.file_id)}`;
  image.alt = message.caption ? "Photo" : "Photo without words";
  image.width = largest.width;
  image.height = largest.height;
  image.addEventListener("click", () => image.classList.remove("hidden-photo"));
  return image;
}

function card(kind, ...lines) {
  const box = make("div", "card");
  box.append(make("strong", "", kind));
  for (const line of lines) if (line) box.append(make("span", "", line));
  return box;
}

function size(bytes) {
  return bytes > 1e6 ? `${(bytes / 2 ** 20).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} kB`;
}
