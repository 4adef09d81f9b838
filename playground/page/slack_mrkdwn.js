// Slack's mrkdwn as elements. Nothing in it becomes markup of the page.

import { el } from "./dom.js";
import { dateText, wholeTime } from "./slack_dates.js";

const EMOJI = {
  tada: "🎉", wave: "👋", white_check_mark: "✅", heavy_check_mark: "✔️", x: "❌", warning: "⚠️", calendar: "📆", date: "📅",
  spiral_calendar_pad: "🗓️", clock1: "🕐", hourglass: "⌛", hourglass_flowing_sand: "⏳", bell: "🔔", no_bell: "🔕", link: "🔗",
  point_right: "👉", thumbsup: "👍", "+1": "👍", thumbsdown: "👎", "-1": "👎", eyes: "👀", pray: "🙏", smile: "😄", slightly_smiling_face: "🙂",
  raised_hands: "🙌", rocket: "🚀", sparkles: "✨", star: "⭐", heart: "❤️", lock: "🔒", bulb: "💡", memo: "📝", pushpin: "📌", repeat: "🔁",
};
const EVERYBODY = { here: "@here", channel: "@channel", everyone: "@everyone" };

// Marks count only at the edges of words, as in Slack: snake_case and 2*3*4 stay as they are.
const BEFORE = "(?<![\\p{L}\\p{N}*_~`])";
const AFTER = "(?![\\p{L}\\p{N}*_~`])";
const inline = (mark) => `${BEFORE}${mark}(?=\\S)([^\\n]*?\\S)${mark}${AFTER}`;
// An address that stands by itself, with its scheme or with a path, as Slack finds them.
const ADDRESS = "((?:https?:\\/\\/|(?<![\\w@.\\/-])(?:[\\w-]+\\.)+[a-z]{2,}\\/)[^\\s<>|]*[^\\s<>|.,;:!?)'\"*_~])";
const STYLES = new RegExp(
  ["`([^`\\n]+)`", inline("\\*"), inline("_"), inline("~"), "<([^<>\\n]+)>", ":([a-z0-9_+-]+):", ADDRESS].join("|"), "gu",
);

/** A fragment for a mrkdwn text; `context` has user, userById, channelById and appId. */
export function mrkdwn(text, context) {
  const fragment = document.createDocumentFragment();
  text.split(/```\n?([\s\S]*?)\n?```\n?/).forEach((piece, index) => {
    if (index % 2) fragment.append(el("pre", {}, plainRun(piece, context)));
    else paragraphs(fragment, piece, context);
  });
  return fragment;
}

/** Plain text as shown: only names of emoji become signs. */
export function plainText(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] || whole);
}

/** A text object of Block Kit. */
export function textObject(object, context) {
  if (!object) return "";
  return object.type === "mrkdwn" ? mrkdwn(object.text, context) : plainText(object.text);
}

/** A text as one line for labels that only machines read. */
export function bareText(object, context) {
  if (!object) return "";
  const holder = el("span", {}, textObject(object, context));
  return holder.textContent.trim();
}

function paragraphs(parent, text, context) {
  const lines = text.split("\n");
  let quote = null;
  lines.forEach((line, index) => {
    const quoted = /^(?:>|&gt;) ?(.*)$/.exec(line);
    if (quoted) {
      if (!quote) parent.append((quote = el("blockquote")));
      else quote.append("\n");
      runs(quote, quoted[1], context);
      return;
    }
    if (index && !quote) parent.append("\n");
    quote = null;
    runs(parent, line, context);
  });
}

function runs(parent, text, context) {
  let end = 0;
  for (const found of text.matchAll(STYLES)) {
    parent.append(unescaped(text.slice(end, found.index)), styled(found, context));
    end = found.index + found[0].length;
  }
  parent.append(unescaped(text.slice(end)));
}

function styled([whole, code, bold, italic, strike, token, emoji, address], context) {
  const nested = (tag, content) => {
    const node = el(tag);
    runs(node, content, context);
    return node;
  };
  if (code !== undefined) return el("code", {}, plainRun(code, context));
  if (bold !== undefined) return nested("strong", bold);
  if (italic !== undefined) return nested("em", italic);
  if (strike !== undefined) return nested("s", strike);
  if (token !== undefined) return special(token, context);
  if (address !== undefined) return link(/^https?:/.test(address) ? unescaped(address) : `https://${unescaped(address)}`, unescaped(address));
  return EMOJI[emoji] || whole;
}

function unescaped(text) {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

/** Code: no styles inside, but tokens in angle brackets still count. */
function plainRun(text, context) {
  return text.split(/<([^<>\n]+)>/).map((piece, index) => (index % 2 ? special(piece, context) : unescaped(piece)));
}

function special(token, context) {
  const [body, ...labels] = token.split("|");
  const label = unescaped(labels.join("|"));
  if (token[0] === "@") return mention(body.slice(1), label, context);
  if (token[0] === "#") return channel(body.slice(1), label, context);
  if (token[0] !== "!") return link(unescaped(body), label);
  if (token.startsWith("!date^")) return date(body, label, context);
  const group = EVERYBODY[body.slice(1)];
  return el("span", { class: "mention everybody" }, group || label || `@${body.slice(1).split("^")[0]}`);
}

function mention(id, label, context) {
  const known = context.userById(id);
  const name = id === context.appId ? context.appName : known?.name || label.replace(/^@/, "") || id;
  return el("span", { class: id === context.user.id ? "mention me" : "mention" }, `@${name}`);
}

function channel(id, label, context) {
  const name = context.channelById(id)?.name || label;
  const text = name ? `#${name.replace(/^#/, "")}` : "a private channel";
  return context.openChannel && context.channelById(id)
    ? el("button", { type: "button", class: "mention", onclick: () => context.openChannel(id) }, text)
    : el("span", { class: "mention" }, text);
}

function link(url, label) {
  if (!/^(https?|mailto|tel):/i.test(url)) return label || url;
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", class: "text-link" }, label || url.replace(/^mailto:/, ""));
}

function date(body, fallback, context) {
  const [, seconds, format, url] = body.split("^");
  const at = Number(seconds);
  if (!Number.isFinite(at) || !format) return fallback;
  const shown = dateText(context.user, at, unescaped(format));
  const time = el("time", { class: "entity-time", datetime: new Date(at * 1000).toISOString(), title: wholeTime(context.user, at) }, shown);
  if (!url) return time;
  const around = link(unescaped(url), " ");
  if (typeof around === "string") return time;
  around.replaceChildren(time);
  return around;
}
