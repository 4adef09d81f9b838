// Message text with its entities as elements. Offsets are UTF-16 units, as in JavaScript strings.

import { el } from "./dom.js";
import { entityTime, fullTime } from "./times.js";

const WRAPS = {
  bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code", pre: "pre",
  blockquote: "blockquote", expandable_blockquote: "blockquote",
};

/** A fragment for a text; `actions` opens links and types commands. */
export function richText(text, entities, user, actions) {
  const fragment = document.createDocumentFragment();
  draw(fragment, text, 0, text.length, [...entities], user, actions);
  return fragment;
}

function draw(parent, text, begin, end, entities, user, actions) {
  let position = begin;
  while (entities.length) {
    const first = entities.shift();
    const stop = Math.min(first.offset + first.length, end);
    const inside = [];
    while (entities.length && entities[0].offset < stop) inside.push(entities.shift());
    parent.append(text.slice(position, first.offset));
    const content = text.slice(first.offset, stop);
    const node = element(first, content, user, actions);
    if (first.type !== "date_time") draw(node, text, first.offset, stop, inside, user, actions);
    parent.append(node);
    position = stop;
  }
  parent.append(text.slice(position, end));
}

function element(entity, content, user, actions) {
  switch (entity.type) {
    case "text_link":
      return link(entity.url, actions);
    case "url":
      return link(content, actions);
    case "email":
      return el("a", { href: `mailto:${content}` });
    case "bot_command":
      return el("button", { type: "button", class: "text-link", onclick: () => actions.say(content) });
    case "date_time":
      return time(entity, content, user);
    case "spoiler":
      return spoiler();
    default:
      return el(WRAPS[entity.type] || "span", { class: `entity-${entity.type}` });
  }
}

/** A link: into a chat with a bot where it is one, else a new window. */
export function link(url, actions, props = {}) {
  const opened = botLink(url);
  if (opened && actions.knowsBot(opened.bot)) {
    return el("button", { type: "button", class: "text-link", ...props, onclick: () => actions.openBot(opened) });
  }
  const href = webAddress(url);
  if (!href) return el("span", props);
  return el("a", { href, target: "_blank", rel: "noopener noreferrer", class: "text-link", ...props });
}

/** The bot and payload behind t.me/<bot>?start=<payload>, or null. */
export function botLink(url) {
  const found = /^(?:https?:\/\/)?(?:t\.me|telegram\.me)\/(\w+)\/?(?:\?(.*))?$/i.exec(url.trim());
  const resolved = /^tg:(?:\/\/)?resolve\?(.*)$/i.exec(url.trim());
  if (!found && !resolved) return null;
  const query = new URLSearchParams(found ? found[2] || "" : resolved[1]);
  const bot = found ? found[1] : query.get("domain");
  return bot ? { bot, payload: query.get("start") || "" } : null;
}

function webAddress(url) {
  const address = /^[a-z][a-z0-9+.-]*:/i.test(url) ? url : `https://${url}`;
  return /^https?:/i.test(address) ? address : null;
}

function time(entity, content, user) {
  const node = el("time", {
    class: "entity-time",
    datetime: new Date(entity.unix_time * 1000).toISOString(),
    title: fullTime(user, entity.unix_time),
  });
  const refresh = () => {
    node.textContent = entityTime(user, entity.unix_time, entity.date_time_format, content);
  };
  refresh();
  if (entity.date_time_format === "r") {
    const timer = setInterval(() => (node.isConnected ? refresh() : clearInterval(timer)), 10_000);
  }
  return node;
}

function spoiler() {
  const node = el("button", { type: "button", class: "spoiler", "aria-label": "Hidden text, show it" });
  node.addEventListener("click", () => {
    node.classList.add("open");
    node.removeAttribute("aria-label");
  });
  return node;
}
