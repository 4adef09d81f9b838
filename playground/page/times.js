// Times as a person sees them: in their zone, in their language.

let offset = 0;

/** Follow the playground's clock, which a test may have set. */
export function setClock(now) {
  offset = now - Date.now() / 1000;
}

export function now() {
  return Date.now() / 1000 + offset;
}

function locale(user) {
  const code = user.language_code || "en";
  return code === "en" ? "en-GB" : code;
}

function format(user, seconds, options, language = locale(user)) {
  const date = new Date(seconds * 1000);
  try {
    return new Intl.DateTimeFormat(language, { timeZone: user.zone, ...options }).format(date);
  } catch {
    return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options }).format(date);
  }
}

export function clockTime(user, seconds) {
  return format(user, seconds, { hour: "2-digit", minute: "2-digit" });
}

/** A heading of the page's own, hence in the page's language. */
export function dayName(user, seconds) {
  return format(user, seconds, { weekday: "short", day: "numeric", month: "long" }, "en-GB");
}

/** "Europe/Lisbon" as "Lisbon". */
export function place(user) {
  return user.city || user.zone.split("/").pop().replaceAll("_", " ");
}

/** A date_time entity: "r", or weekday, date and time by their letters; "" keeps the text. */
export function entityTime(user, seconds, style, text) {
  if (!style) return text;
  if (style === "r") return relative(user, seconds);
  const options = {};
  if (style.includes("w")) options.weekday = "long";
  if (style.includes("d")) Object.assign(options, { day: "2-digit", month: "2-digit", year: "2-digit" });
  if (style.includes("D")) Object.assign(options, { day: "numeric", month: "long", year: "numeric" });
  if (/[tT]/.test(style)) Object.assign(options, { hour: "2-digit", minute: "2-digit" });
  if (style.includes("T")) options.second = "2-digit";
  return format(user, seconds, options);
}

const STEPS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];

function relative(user, seconds) {
  const distance = seconds - now();
  const [unit, size] = STEPS.find(([, length]) => Math.abs(distance) >= length) || ["second", 1];
  return new Intl.RelativeTimeFormat(locale(user), { numeric: "auto" }).format(Math.round(distance / size), unit);
}

export function fullTime(user, seconds) {
  return `${format(user, seconds, { dateStyle: "full", timeStyle: "short" })}, ${user.zone}`;
}
