// The page: asks the server for news, hands it to the phones, moves the clock.

import { Phone } from "./phone.js";
import { make } from "./text.js";

const byId = (id) => document.getElementById(id);
const phones = new Map();
const clockFace = new Intl.DateTimeFormat("en-GB", {
  timeZone: "Europe/London",
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
});
let aheadBy = 0; // milliseconds between the sandbox's clock and this computer's
let chosen = 0; // id of the phone that a narrow screen shows

function say(text) {
  byId("said").textContent = text;
}

async function post(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.status === 409) say((await answer.json()).error);
  return answer.ok;
}

function tick() {
  const now = new Date(Date.now() + aheadBy);
  byId("clock").textContent = clockFace.format(now);
  byId("clock").dateTime = now.toISOString();
}

function choose(id) {
  chosen = id;
  for (const phone of phones.values()) {
    phone.root.classList.toggle("chosen", phone.id === id);
    phone.tab.setAttribute("aria-selected", String(phone.id === id));
    phone.tab.tabIndex = phone.id === id ? 0 : -1;
  }
  phones.get(id).toEnd();
}

function drawTab(phone) {
  phone.tab.replaceChildren(make("span", "", phone.role));
  if (phone.unread) phone.tab.append(make("span", "tab-unread", `${phone.unread}`));
}

function addPhone(state, bot) {
  const tab = make("button", "tab");
  tab.type = "button";
  tab.setAttribute("role", "tab");
  tab.setAttribute("aria-controls", `phone-${state.id}`);
  const phone = new Phone(state, bot, { post, say, changed: () => phones.has(state.id) && drawTab(phone) });
  phone.tab = tab;
  phones.set(state.id, phone);
  drawTab(phone);
  tab.addEventListener("click", () => {
    choose(phone.id);
    phone.read();
  });
  tab.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const shown = [...phones.values()].filter((one) => !one.root.hidden);
    const next = shown[(shown.indexOf(phone) + step + shown.length) % shown.length];
    choose(next.id);
    next.tab.focus();
  });
  byId("tabs").append(tab);
  byId("phones").append(phone.root);
  show(phone, state.shown);
  if (!state.shown) addSwitch(phone);
  if (!chosen) choose(phone.id);
}

function show(phone, visible) {
  phone.root.hidden = !visible;
  phone.tab.hidden = !visible;
  if (!visible && chosen === phone.id) choose(phones.keys().next().value);
}

function addSwitch(phone) {
  const label = make("label", "switch");
  const box = make("input");
  box.type = "checkbox";
  box.addEventListener("change", () => show(phone, box.checked));
  label.append(box, ` Also show ${phone.name}, ${phone.role.toLowerCase()}`);
  byId("extra").append(label);
}

async function listen() {
  let version = -1;
  for (;;) {
    try {
      const answer = await fetch(`/sandbox/state?after=${version}`);
      if (!answer.ok) throw new Error(String(answer.status));
      const state = await answer.json();
      version = state.version;
      aheadBy = new Date(state.now) - Date.now();
      tick();
      for (const phone of state.phones) {
        if (phones.has(phone.id)) phones.get(phone.id).update(phone);
        else addPhone(phone, state.bot);
      }
      byId("trouble").hidden = true;
    } catch {
      byId("trouble").hidden = false;
      version = -1;
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
  }
}

for (const button of document.querySelectorAll("[data-step]")) {
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      await post("/sandbox/clock", { step: button.dataset.step });
    } finally {
      button.disabled = false;
      button.focus();
    }
    say(`It is now ${byId("clock").textContent}`);
  });
}
setInterval(tick, 1000);
listen();
