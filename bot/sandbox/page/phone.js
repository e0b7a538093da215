// One phone: its chat, its composer and what the person can do.

import { bubble, dayOf } from "./message.js";
import { make } from "./text.js";

const ACTIONS = { typing: "writing", upload_document: "sending a file", upload_photo: "sending a photo" };

const isAtEnd = (chat) => chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;

export class Phone {
  /** `post(path, body)` sends an act; `say(text)` speaks to a screen reader; `changed()` after unread changes. */
  constructor(state, bot, { post, say, changed }) {
    Object.assign(this, { id: state.id, name: state.name, role: state.role, bot, say, changed });
    this.act = (name, body = {}) => post(`/sandbox/people/${this.id}/${name}`, body);
    this.root = document.getElementById("phone-template").content.firstElementChild.cloneNode(true);
    this.find = (selector) => this.root.querySelector(selector);
    this.shownMessages = new Map(); // message_id -> {signature, item}
    this.seenBotMessages = state.bot_messages;
    this.lastNotice = JSON.stringify(state.notice);
    this.unread = 0;
    this.label();
    this.listen();
    this.update(state);
  }

  label() {
    this.root.id = `phone-${this.id}`;
    this.root.setAttribute("aria-label", `${this.role}: ${this.name}`);
    this.find(".name").textContent = this.name;
    this.find(".role").textContent = this.role;
    this.find(".face").textContent = this.name.split(" ").slice(-2).map((word) => word[0]).join("");
    this.find(".face").dataset.role = this.role.toLowerCase();
    this.find(".chat").setAttribute("aria-label", `Chat of ${this.name} with the bot`);
    this.find("textarea").setAttribute("aria-label", `Message from ${this.name}`);
  }

  listen() {
    const box = this.find("textarea");
    this.find("form").addEventListener("submit", (event) => {
      event.preventDefault();
      this.sendTyped();
    });
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.sendTyped();
      }
    });
    box.addEventListener("input", () => this.fitBox());
    this.find(".start").addEventListener("click", () => this.act("start"));
    this.find(".block input").addEventListener("change", (event) =>
      this.act("block", { blocked: event.target.checked }),
    );
    for (const button of this.root.querySelectorAll("[data-act]")) {
      button.addEventListener("click", () => {
        this.toggle("attach", false);
        this.act(button.dataset.act);
      });
    }
    this.find(".open-menu").addEventListener("click", () => this.toggle("menu"));
    this.find(".open-attach").addEventListener("click", () => this.toggle("attach"));
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") ["menu", "attach"].forEach((which) => this.toggle(which, false));
    });
    const chat = this.find(".chat");
    chat.addEventListener("scroll", () => (this.atEnd = isAtEnd(chat)));
    const stay = new ResizeObserver(() => this.atEnd && this.toEnd());
    [chat, this.find(".messages")].forEach((part) => stay.observe(part));
    for (const kind of ["pointerdown", "focusin"]) this.root.addEventListener(kind, () => this.read());
  }

  toggle(which, open = this.find(`.${which}`).hidden) {
    for (const one of ["menu", "attach"]) {
      const shown = one === which && open;
      this.find(`.${one}`).hidden = !shown;
      this.find(`.open-${one}`).setAttribute("aria-expanded", String(shown));
    }
    if (open) this.find(`.${which} button`)?.focus();
  }

  sendTyped() {
    const box = this.find("textarea");
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    this.fitBox();
    if (!this.followLink(text)) this.act("say", { text });
  }

  fitBox() {
    const box = this.find("textarea");
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight + 2, 120)}px`;
  }

  /** A link to the bot itself is Start with a payload; whether it was one. */
  followLink(url) {
    const match = url.match(/^https:\/\/t\.me\/(\w+)\?start=([\w-]{1,64})$/);
    if (!match || match[1].toLowerCase() !== this.bot.username.toLowerCase()) return false;
    this.act("start", { payload: match[2] });
    return true;
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      this.find("textarea").value = text;
    }
    this.toast({ text: `Copied: ${text}` });
  }

  update(state) {
    const chat = this.find(".chat");
    const atEnd = isAtEnd(chat);
    const added = this.drawMessages(state);
    this.drawBottom(state);
    this.drawPinned(state);
    this.find(".about").hidden = state.started;
    this.find(".about-text").textContent = this.bot.description || "Press Start to open the chat with the bot.";
    this.find(".typing").hidden = !state.typing;
    this.find(".typing-words").textContent = state.typing ? `Bot is ${ACTIONS[state.typing] || "busy"}` : "";
    if (state.blocked !== this.blocked) this.find(".block input").checked = state.blocked;
    this.blocked = state.blocked; // a click that is under way is not undone by older news
    if (atEnd || added) this.toEnd();
    this.countUnread(state);
    const notice = JSON.stringify(state.notice);
    if (state.notice && notice !== this.lastNotice) this.toast(state.notice);
    this.lastNotice = notice;
  }

  toEnd() {
    const chat = this.find(".chat");
    chat.scrollTop = chat.scrollHeight;
    this.atEnd = true;
  }

  drawMessages(state) {
    const list = this.find(".messages");
    const on = {
      command: (text) => this.act("say", { text }),
      link: (url) => this.followLink(url),
      tap: (message_id, row, column) => this.act("tap", { message_id, row, column }),
      copy: (text) => this.copy(text),
    };
    const present = new Set(state.messages.map((message) => message.message_id));
    for (const [id, shown] of this.shownMessages) {
      if (!present.has(id)) {
        shown.item.remove();
        this.shownMessages.delete(id);
      }
    }
    let day = "";
    let added = false;
    for (const message of state.messages) {
      const reactions = state.reactions[message.message_id];
      const signature = JSON.stringify([message, reactions]);
      const shown = this.shownMessages.get(message.message_id);
      const startsDay = dayOf(message) !== day;
      day = dayOf(message);
      if (shown && shown.signature === signature) continue;
      const item = bubble(message, reactions, on);
      if (startsDay) item.dataset.day = day;
      if (shown) this.swap(shown.item, item);
      else {
        list.append(item);
        added = true;
      }
      this.shownMessages.set(message.message_id, { signature, item });
    }
    return added;
  }

  /** Replace an edited message; a press keeps its place for the keyboard, an edit is spoken. */
  swap(before, after) {
    const hadFocus = before.contains(document.activeElement);
    before.replaceWith(after);
    const words = after.querySelector(".text");
    if (words && hadFocus) this.say(words.textContent);
    if (hadFocus) (after.querySelector(".buttons button, .buttons a") || this.find(".chat")).focus();
  }

  drawBottom(state) {
    this.find("form").hidden = !state.started || state.blocked;
    const start = this.find(".start");
    start.hidden = state.started && !state.blocked;
    start.textContent = state.blocked ? "Restart the bot" : "Start";
    this.drawCommands(state.commands);
    const markup = state.keyboard || {};
    const group = this.find(".reply-keyboard");
    group.hidden = !markup.keyboard || state.blocked;
    group.replaceChildren();
    for (const row of markup.keyboard || []) {
      const line = make("div", "row");
      for (const button of row) {
        const node = make("button", "", button.text);
        node.type = "button";
        node.addEventListener("click", () => this.act("tap", { label: button.text }));
        line.append(node);
      }
      group.append(line);
    }
    this.find("textarea").placeholder = markup.input_field_placeholder || "Message";
  }

  drawCommands(commands) {
    const menu = this.find(".menu");
    this.find(".open-menu").hidden = !commands.length;
    menu.replaceChildren();
    for (const { command, description } of commands) {
      const node = make("button", "");
      node.type = "button";
      node.append(make("strong", "", `/${command}`), make("span", "", description));
      node.addEventListener("click", () => {
        this.toggle("menu", false);
        this.act("say", { text: `/${command}` });
      });
      menu.append(node);
    }
  }

  drawPinned(state) {
    const pinned = state.messages.find((one) => one.message_id === state.pinned[state.pinned.length - 1]);
    this.find(".pinned").hidden = !pinned;
    this.find(".pinned").textContent = pinned ? `Pinned: ${(pinned.text || "message").split("\n")[0]}` : "";
  }

  countUnread(state) {
    const fresh = state.bot_messages - this.seenBotMessages;
    const inUse = this.root.contains(document.activeElement) && !this.root.hidden;
    if (inUse) this.read(state.bot_messages);
    else this.showUnread(Math.max(0, fresh));
    this.botMessages = state.bot_messages;
  }

  read(upTo = this.botMessages) {
    this.seenBotMessages = upTo;
    this.showUnread(0);
  }

  showUnread(count) {
    this.unread = count;
    const badge = this.find(".unread");
    badge.hidden = count === 0;
    badge.replaceChildren(`${count}`, make("span", "only-heard", " new messages"));
    this.changed();
  }

  toast({ text, show_alert: staysOpen }) {
    const toast = this.find(".toast");
    clearTimeout(this.toastTimer);
    toast.replaceChildren(make("span", "", text));
    toast.hidden = false;
    if (staysOpen) {
      const close = make("button", "", "OK");
      close.type = "button";
      close.addEventListener("click", () => (toast.hidden = true));
      toast.append(close);
    } else this.toastTimer = setTimeout(() => (toast.hidden = true), 4000);
  }
}
