// Text with Telegram's entities as DOM nodes. Nothing is ever parsed as HTML here.

const TAGS = {
  bold: "b",
  italic: "i",
  underline: "u",
  strikethrough: "s",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
  expandable_blockquote: "blockquote",
};

export function make(tag, className, text) {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text !== undefined) node.textContent = text;
  return node;
}

/** Fill `parent` with the text; `on.command(text)` and `on.link(url)` answer clicks (true: handled). */
export function fill(parent, text, entities, on) {
  const sorted = [...(entities || [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  span(parent, text, sorted, 0, text.length, on);
}

function span(parent, text, entities, from, to, on) {
  let at = from;
  while (entities.length) {
    const entity = entities.shift();
    const start = Math.max(entity.offset, at);
    const end = Math.min(entity.offset + entity.length, to);
    if (end <= start) continue;
    const inner = [];
    while (entities.length && entities[0].offset < end) inner.push(entities.shift());
    parent.append(text.slice(at, start));
    const node = wrap(entity, text.slice(start, end), on);
    span(node, text, inner, start, end, on);
    parent.append(node);
    at = end;
  }
  parent.append(text.slice(at, to));
}

function wrap(entity, words, on) {
  switch (entity.type) {
    case "bot_command": {
      const button = make("button", "command");
      button.type = "button";
      button.addEventListener("click", () => on.command(words));
      return button;
    }
    case "spoiler": {
      const button = make("button", "spoiler");
      button.type = "button";
      button.setAttribute("aria-label", "Hidden text. Show it");
      button.addEventListener("click", () => {
        button.classList.add("shown");
        button.removeAttribute("aria-label");
      });
      return button;
    }
    case "url":
    case "text_link":
      return link(entity.url || words, on);
    case "email":
      return link(`mailto:${words}`, on);
    default:
      return make(TAGS[entity.type] || "span");
  }
}

export function link(url, on, className) {
  if (!/^(https?:|mailto:|tel:)/i.test(url)) return make("span", className);
  const node = make("a", className);
  node.href = url;
  node.target = "_blank";
  node.rel = "noopener noreferrer";
  node.addEventListener("click", (event) => {
    if (on.link(url)) event.preventDefault();
  });
  return node;
}
