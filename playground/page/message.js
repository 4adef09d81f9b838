// One message as a bubble, with its files and inline keyboard.

import { fileUrl } from "./api.js";
import { el, icon, unseen, walkable } from "./dom.js";
import { botLink, link, richText } from "./text.js";
import { clockTime, fullTime } from "./times.js";

/** The element of a message. `context` has user, bot, actions, original(id) and isWaiting(id, data). */
export function messageElement(message, context) {
  const who = message.from_bot ? context.bot.name : context.user.first_name;
  const bubble = el("div", { class: "bubble" }, unseen(`${who}: `), ...contents(message, context));
  const node = el(
    "div",
    {
      class: `message ${message.from_bot ? "from-bot" : "from-user"}`,
      tabindex: "-1",
      data: { id: message.id },
    },
    bubble,
  );
  if (message.keyboard.length) {
    node.classList.add("with-keyboard");
    node.append(keyboard(message, context));
  }
  return node;
}

function contents(message, context) {
  const original = message.reply_to && context.original(message.reply_to);
  return [
    message.forwarded ? el("p", { class: "quoted" }, "Forwarded") : null,
    original ? el("p", { class: "quoted" }, excerpt(original)) : null,
    message.photo ? photo(message, context) : null,
    message.document ? fileCard(message.document) : null,
    message.contact ? contactCard(message.contact) : null,
    message.location ? locationCard(message.location, context) : null,
    message.text
      ? el("div", { class: "text", dir: "auto" }, richText(message.text, message.entities, context.user, context.actions))
      : null,
    meta(message, context),
  ];
}

function excerpt(message) {
  const text = message.text || message.document?.name || "Message";
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

function meta(message, context) {
  const silent = message.silent
    ? [el("span", { class: "silent", title: "Sent without sound" }, icon("quiet"), unseen("sent without sound "))]
    : [];
  return el(
    "div",
    { class: "meta" },
    message.reactions.length ? el("span", { class: "reactions" }, message.reactions.join(" ")) : null,
    ...silent,
    message.edited_at ? el("span", {}, "edited ") : null,
    el(
      "time",
      { datetime: new Date(message.date * 1000).toISOString(), title: fullTime(context.user, message.date) },
      clockTime(context.user, message.date),
    ),
  );
}

function photo(message, context) {
  const alt = message.text ? `Photo: ${message.text}` : `Photo from ${context.bot.name}`;
  const { file_id: id, width, height } = message.photo;
  return el(
    "a",
    { class: "photo", href: fileUrl(id), target: "_blank", rel: "noopener" },
    el("img", { src: fileUrl(id), alt, width, height, loading: "lazy" }),
  );
}

function fileCard(document) {
  return el(
    "a",
    { class: "card", href: fileUrl(document.file_id), download: document.name },
    el("span", { class: "card-icon" }, icon("file")),
    el("span", { class: "card-lines" },
      el("span", { class: "card-title", dir: "auto" }, document.name),
      el("span", { class: "card-note" }, size(document.size)),
    ),
  );
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(1)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function contactCard(contact) {
  const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
  return card("person", name, contact.phone_number);
}

function locationCard(location, context) {
  const near = context.actions.cityAt(location);
  const place = `${location.latitude.toFixed(4)}, ${location.longitude.toFixed(4)}`;
  return card("pin", near || "Location", place);
}

function card(drawing, title, note) {
  return el(
    "div",
    { class: "card" },
    el("span", { class: "card-icon" }, icon(drawing)),
    el("span", { class: "card-lines" },
      el("span", { class: "card-title", dir: "auto" }, title),
      el("span", { class: "card-note" }, note),
    ),
  );
}

function keyboard(message, context) {
  const rows = message.keyboard.map((row, y) =>
    row.map((button, x) => key(message, button, y, x, context)),
  );
  walkable(rows);
  return el(
    "div",
    { class: "inline-keyboard", role: "group", "aria-label": "Buttons of this message" },
    rows.map((row) => {
      const node = el("div", { class: row.length > 4 ? "keys dense" : "keys" }, row);
      node.style.setProperty("--columns", row.length);
      return node;
    }),
  );
}

function key(message, button, row, column, context) {
  const look = { class: `key ${button.style ? `key-${button.style}` : ""}`, data: { row, column } };
  const label = el("span", { class: "key-label", dir: "auto" }, button.text);
  switch (button.action) {
    case "callback_data":
      return pressKey(message, button, look, label, context);
    case "copy_text":
      return el("button", { type: "button", ...look, onclick: () => context.actions.copy(button.value) }, label, icon("copy"));
    case "url": {
      const node = link(button.value, context.actions, look);
      node.append(label);
      if (!botLink(button.value)) node.append(icon("out"));
      return node;
    }
    default:
      return el("button", { type: "button", ...look, disabled: true, title: "Not available in this playground" }, label);
  }
}

function pressKey(message, button, look, label, context) {
  const busy = context.isWaiting(message.id, button.value);
  return el(
    "button",
    {
      type: "button",
      ...look,
      "aria-busy": busy ? "true" : null,
      onclick: (event) => context.actions.press(message, event.currentTarget, button.value),
    },
    label,
    el("span", { class: "spinner", "aria-hidden": "true" }),
  );
}
