// Links from one chat into the other are followed here, not out on the web.

import { botLink } from "./text.js";

/** The place in Slack that an address names, {channel} or {}; null for any other address. */
export function slackLink(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return null;
  }
  const atSlack = url.protocol === "slack:" || /(^|\.)slack\.com$/.test(url.hostname);
  if (!atSlack) return null;
  const archived = /^\/archives\/(\w+)/.exec(url.pathname);
  return { channel: archived?.[1] || url.searchParams.get("channel") || null };
}

/** Follow links between the chats; `stage` brings a person's other chat to the front. */
export function followCrossings({ paneOf, telegram, goTo, goToSlack }) {
  document.addEventListener("click", async (event) => {
    const address = event.target.closest?.("a[href]")?.getAttribute("href");
    const pane = address && paneOf(event.target);
    if (!pane) return;
    const bot = botLink(address);
    const place = slackLink(address);
    if (pane.platform === "slack" && bot && telegram.bot(bot.bot)) {
      event.preventDefault();
      // The same person's Telegram where there is one, else whoever is there.
      goTo(telegram.user(pane.key) ? pane.key : null).openBot(bot);
    } else if (place) {
      event.preventDefault();
      const there = await goToSlack(pane.key, place.channel || "home");
      there?.focus();
    }
  });
}
