// What a person can do beside typing: links, contacts, locations, blocking the bot.

import { fullName } from "./names.js";
import { openChoices, openQuestion } from "./sheets.js";
import { botLink } from "./text.js";

/** The menu in the head line of a pane. */
export function openMenu(pane) {
  openChoices(pane.node, fullName(pane.user), [
    ["Open a link", "t.me/…", () => askLink(pane)],
    ["Send a contact", null, () => openContacts(pane)],
    ["Send a location", null, () => openLocations(pane)],
    pane.chat?.blocked
      ? ["Unblock the bot", null, () => pane.act("unblock")]
      : ["Block the bot", "It can no longer write", () => pane.act("block"), true],
  ]);
}

export function openShare(pane) {
  openChoices(pane.node, "Share", [
    ["Contact", null, () => openContacts(pane)],
    ["Location", null, () => openLocations(pane)],
    ["Open a link", "t.me/…", () => askLink(pane)],
  ]);
}

/** Telegram asks before a number goes to a bot. */
export function askContact(pane) {
  openChoices(pane.node, "Share your phone number with the bot?", [
    ["Share my contact", pane.user.phone, () => pane.act("contact", {})],
  ]);
}

export function openLocations(pane) {
  const { cities } = pane.world;
  openChoices(pane.node, "Where are you?", cities.map((city) => [city.name, null, () => pane.act("location", { city: city.name })]));
}

function openContacts(pane) {
  const others = pane.world.users.filter((user) => user.key !== pane.key);
  const stranger = { phone_number: "+15550100", first_name: "Sam Stranger" };
  openChoices(pane.node, "Send a contact", [
    [`${fullName(pane.user)} (you)`, pane.user.phone, () => pane.act("contact", {})],
    ...others.map((user) => [fullName(user), user.phone, () => pane.act("contact", { of: user.key })]),
    [stranger.first_name, "not in Telegram", () => pane.act("contact", stranger)],
  ]);
}

function askLink(pane) {
  openQuestion(pane.node, "Open a link", "t.me/bot?start=code", (text) => {
    const opened = botLink(text);
    if (opened) pane.openBot(opened);
    else pane.toast("That is not a link to a bot.");
  });
}
