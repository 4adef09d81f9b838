// The list of messages in a channel, a thread or the messages with the app.

import { el, icon, unseen } from "./dom.js";
import { initialsOf } from "./names.js";
import { moveFocus, patch } from "./patch.js";
import { openMenu } from "./popup.js";
import { showBlocks } from "./slack_blocks.js";
import { dayLine, shortTime, wholeTime } from "./slack_dates.js";
import { mrkdwn } from "./slack_mrkdwn.js";
import { Surface } from "./slack_surface.js";

const TOGETHER_SECONDS = 300;

/** Make `log` show these messages; returns whether one is new. */
export function showMessages(log, messages, pane, { thread = false } = {}) {
  const known = new Set([...log.querySelectorAll("[data-ts]")].map((node) => node.dataset.ts));
  patch(log, withDays(messages, pane.user, thread), {
    key: (item) => item.day || item.message.ts,
    draw: (item, old) => (item.day ? el("p", { class: "slack-day" }, el("span", {}, item.day)) : showMessage(item, pane, old)),
    onReplaced: moveFocus,
  });
  return messages.some((message) => !known.has(message.ts));
}

/** What has buttons or fields, or one reader only, stands by itself. */
function isCard(message) {
  return message.ephemeral || (message.blocks || []).some((block) => ["actions", "input"].includes(block.type) || block.accessory);
}

/** Day lines between, and whether a message goes on from the one before. */
function withDays(messages, user, thread) {
  const items = [];
  let day = null;
  let before = null;
  for (const message of messages) {
    const seconds = Number(message.ts);
    const today = dayLine(user, seconds);
    if (today !== day) {
      items.push({ day: today });
      before = null;
    }
    day = today;
    const goesOn = before?.user === message.user && !isCard(before) && !isCard(message) && seconds - Number(before.ts) < TOGETHER_SECONDS;
    items.push({ message, goesOn: goesOn && !(thread && items.length === 2) });
    before = message;
  }
  return items;
}

/** The element of a message; one that is there already is changed in place. */
function showMessage(item, pane, old) {
  const node = old?.goesOn === item.goesOn ? old : frame(item, pane, old?.surface);
  const { message } = item;
  const said = JSON.stringify([message.text, message.blocks]);
  if (node === old && node.said !== said) {
    node.classList.remove("changed");
    // Between the two the browser must look, or the animation would not begin again.
    node.getBoundingClientRect();
    node.classList.add("changed");
  }
  node.said = said;
  const blocks = message.blocks || [];
  if (blocks.length) {
    if (!node.body.matches(".blocks")) node.body.replaceChildren();
    node.body.className = "blocks";
    showBlocks(node.body, blocks, node.surface);
  } else {
    node.body.className = "mrkdwn";
    node.body.replaceChildren(mrkdwn(message.text || "", pane.context));
  }
  patch(node.tail, tail(message, pane, node.surface), { key: (part) => part.key, draw: (part) => part.draw(), onReplaced: moveFocus });
  return node;
}

function frame({ message, goesOn }, pane, surface) {
  const app = message.user === pane.world.app.bot_user_id || message.bot;
  const name = message.username || pane.world.userById(message.user)?.name || message.user;
  const body = el("div", { dir: "auto" });
  const end = el("div", { class: "slack-tail" });
  const node = el("article", { class: `slack-message ${goesOn ? "goes-on" : ""} ${message.ephemeral ? "ephemeral" : ""}`, tabindex: "-1", "aria-label": `${name}, ${shortTime(pane.user, Number(message.ts))}`, data: { ts: message.ts } },
    goesOn ? stamp(message, pane.user, "slack-gutter", "true") : avatar(message, name, app, pane),
    el("div", { class: "slack-message-body" },
      message.ephemeral ? el("p", { class: "only-you" }, "Only visible to you") : null,
      el("p", { class: goesOn ? "slack-by unseen" : "slack-by" },
        el("span", { class: "slack-name", dir: "auto" }, name),
        app ? el("span", { class: "app-mark" }, "App") : null,
        stamp(message, pane.user, "slack-time"),
      ),
      body, end,
    ),
    menuButton(message, pane),
  );
  return Object.assign(node, { goesOn, body, tail: end, surface: surface || new Surface(pane, { type: "message", channel_id: pane.channel, ts: message.ts }) });
}

/** What stands under the words of a message. */
function tail(message, pane, surface) {
  const parts = (message.files || []).map((file) => ({ key: file.id, file, draw: () => fileElement(file, pane) }));
  if (message.edited) parts.unshift({ key: "edited", draw: () => el("span", { class: "edited" }, "(edited)") });
  Object.entries(message.unfurls || {}).forEach(([url, unfurl]) => parts.push({ key: url, unfurl, draw: () => unfurled(unfurl, surface) }));
  if (message.reply_count && !pane.thread) parts.push({ key: "replies", count: message.reply_count, draw: () => replies(message, pane) });
  return parts;
}

function stamp(message, user, look, hidden) {
  const seconds = Number(message.ts);
  return el("time", { class: look, datetime: new Date(seconds * 1000).toISOString(), title: wholeTime(user, seconds), "aria-hidden": hidden }, shortTime(user, seconds));
}

function avatar(message, name, app, pane) {
  const tint = app ? "app" : pane.world.tint(pane.world.userById(message.user)?.key);
  return el("span", { class: "slack-avatar", "aria-hidden": "true", data: { tint } }, app ? [...name][0] : initialsOf(name));
}

/** What the app tells of a link in the message. */
function unfurled(unfurl, surface) {
  const node = el("div", { class: "unfurl" }, unfurl.blocks ? null : el("div", { class: "mrkdwn", dir: "auto" }, mrkdwn(unfurl.text || unfurl.title || "", surface.context)));
  if (unfurl.blocks) showBlocks(node, unfurl.blocks, surface);
  return node;
}

function fileElement(file, pane) {
  const href = pane.localUrl(file.url || file.url_private);
  const name = file.title || file.name;
  if (file.mimetype?.startsWith("image/")) {
    return el("a", { class: "slack-picture", href, target: "_blank", rel: "noopener" }, el("img", { src: href, alt: file.alt_txt || `Picture: ${name}`, loading: "lazy" }));
  }
  return el("a", { class: "slack-file", href, download: file.name },
    el("span", { class: "card-icon" }, icon("file")),
    el("span", { class: "card-lines" }, el("span", { class: "card-title", dir: "auto" }, name), el("span", { class: "card-note" }, sizeOf(file.size))),
  );
}

function sizeOf(bytes) {
  if (!bytes) return "";
  return bytes < 1024 ? `${bytes} bytes` : bytes < 1024 * 1024 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function replies(message, pane) {
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return el("button", { type: "button", class: "replies", onclick: () => pane.openThread(message.ts), data: { focus: "replies" } }, icon("thread"), words);
}

function menuButton(message, pane) {
  const entries = () => [
    ...(message.ephemeral || pane.thread ? [] : [["Reply in thread", null, () => pane.openThread(message.thread_ts || message.ts)]]),
    ...(message.ephemeral ? [] : pane.world.shortcutsOf("message").map((shortcut) => [
      shortcut.name, pane.world.app.name, () => pane.shortcut(shortcut, { channel_id: pane.channel, ts: message.ts }),
    ])),
    ["Copy text", null, () => pane.copy(message.text)],
  ];
  return el("button", {
    type: "button", class: "icon-button message-menu", "aria-label": "More actions for this message", title: "More actions", "aria-haspopup": "menu", "aria-expanded": "false", data: { focus: "menu" },
    onclick: (event) => openMenu(event.currentTarget, "Message", entries()),
  }, icon("more"), unseen(""));
}
