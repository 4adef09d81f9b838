// Slack's date tokens, <!date^1796000000^{date_short} at {time}|else>, in a reader's zone.

import { now } from "./times.js";

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;

function parts(user, seconds, options) {
  const date = new Date(seconds * 1000);
  try {
    return new Intl.DateTimeFormat(language(user), { timeZone: user.zone || "UTC", ...options }).format(date);
  } catch {
    return new Intl.DateTimeFormat("en-US", { timeZone: "UTC", ...options }).format(date);
  }
}

function language(user) {
  return user.locale || "en-US";
}

/** "2026-11-24" in the reader's zone. */
export function isoDay(user, seconds) {
  const zone = user.zone || "UTC";
  return new Intl.DateTimeFormat("en-CA", { timeZone: zone, year: "numeric", month: "2-digit", day: "2-digit" }).format(new Date(seconds * 1000));
}

/** "9:02 AM", or "09:02" where people count to 24. */
export function shortTime(user, seconds) {
  return parts(user, seconds, { hour: hour(user), minute: "2-digit" });
}

function hour(user) {
  return new Intl.DateTimeFormat(language(user), { hour: "numeric" }).resolvedOptions().hour12 ? "numeric" : "2-digit";
}

/** The head line of a day in a list of messages. */
export function dayLine(user, seconds) {
  return nearDay(user, seconds) || parts(user, seconds, { weekday: "long", day: "numeric", month: "long" });
}

export function wholeTime(user, seconds) {
  return `${parts(user, seconds, { dateStyle: "full", timeStyle: "short" })}, ${user.zone || "UTC"}`;
}

/** Yesterday, today and tomorrow by their names; "" for any other day. */
function nearDay(user, seconds) {
  const day = isoDay(user, seconds);
  const distance = [-1, 0, 1].find((days) => isoDay(user, now() + days * DAY) === day);
  if (distance === undefined) return "";
  const word = new Intl.RelativeTimeFormat(language(user), { numeric: "auto" }).format(distance, "day");
  return word[0].toUpperCase() + word.slice(1);
}

const MONTH_DAY = {
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  date_long_full: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  date_slash: { year: "numeric", month: "2-digit", day: "2-digit" },
  day_divider: { weekday: "long", month: "long", day: "numeric" },
};

const TOKENS = {
  date_num: isoDay,
  time: shortTime,
  time_secs: (user, seconds) => parts(user, seconds, { hour: hour(user), minute: "2-digit", second: "2-digit" }),
  ago,
};

/** The text of a format with its tokens; a token that nobody knows stays as it is. */
export function dateText(user, seconds, format) {
  return format.replace(/\{(\w+)\}/g, (whole, token) => {
    if (TOKENS[token]) return TOKENS[token](user, seconds);
    const plain = token.replace(/_pretty$/, "");
    if (!MONTH_DAY[plain]) return whole;
    // In the middle of a sentence the names of near days are small.
    const near = plain !== token && nearDay(user, seconds).toLowerCase();
    return near || parts(user, seconds, MONTH_DAY[plain]);
  });
}

function ago(user, seconds) {
  const distance = seconds - now();
  const [unit, size] = [["day", DAY], ["hour", HOUR], ["minute", MINUTE], ["second", 1]].find(([, length]) => Math.abs(distance) >= length) || ["second", 1];
  return new Intl.RelativeTimeFormat(language(user), { numeric: "auto" }).format(Math.round(distance / size), unit);
}

/** Seconds since 1970 for a wall time ("2026-11-24T15:00") in the reader's zone. */
export function secondsAt(user, wall) {
  const asUtc = Date.parse(`${wall}Z`) / 1000;
  // Twice: the first guess may stand on the other side of a change of the clocks.
  const first = asUtc - zoneOffset(user, asUtc);
  return asUtc - zoneOffset(user, first);
}

/** The wall time of an instant, as a datetime-local field takes it. */
export function wallTime(user, seconds) {
  return new Date((seconds + zoneOffset(user, seconds)) * 1000).toISOString().slice(0, 16);
}

function zoneOffset(user, seconds) {
  const format = new Intl.DateTimeFormat("en-CA", {
    timeZone: user.zone || "UTC", hourCycle: "h23", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
  });
  const found = Object.fromEntries(format.formatToParts(new Date(seconds * 1000)).map((part) => [part.type, part.value]));
  return Date.UTC(found.year, found.month - 1, found.day, found.hour, found.minute, found.second) / 1000 - Math.floor(seconds);
}
