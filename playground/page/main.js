// Start: fetch the state, build a pane per person and chat, follow what happens.

import { call, follow } from "./api.js";
import { followCrossings } from "./crossing.js";
import { el } from "./dom.js";
import { fullName, initials, initialsOf } from "./names.js";
import { Pane } from "./pane.js";
import { SlackPane } from "./slack_pane.js";
import { Workspace } from "./slack_world.js";
import { setClock } from "./times.js";
import { showTour } from "./tour.js";

const CLOCK_MS = 10_000;

/** People, bots and cities, and who wants to hear of changes. */
class World {
  take(state) {
    this.users = state.users;
    this.bots = state.bots;
    this.cities = state.cities;
    setClock(state.now);
  }

  user(key) {
    return this.users.find((user) => user.key === key);
  }

  bot(username) {
    return this.bots.find((bot) => bot.username.toLowerCase() === username?.toLowerCase());
  }

  cityAt({ latitude, longitude }) {
    const near = (city) => Math.abs(city.latitude - latitude) + Math.abs(city.longitude - longitude) < 0.3;
    return this.cities.find(near)?.name;
  }
}

const world = new World();
const slack = new Workspace(() => world.users);
const panes = [];
const narrow = window.matchMedia("(max-width: 719px)");
const inTelegram = () => panes.filter((pane) => pane.platform !== "slack");
const inSlack = () => panes.filter((pane) => pane.platform === "slack");

async function begin() {
  const state = await call("GET", "/state");
  world.take(state);
  document.title = state.title;
  document.getElementById("title").textContent = state.title;
  state.panes.forEach((key, index) => panes.push(new Pane(world, key, index)));
  if (state.slack) {
    await slack.load();
    slack.panes.forEach((key, index) => panes.push(new SlackPane(slack, key, index)));
    document.body.classList.add("two-chats");
    const paneOf = (node) => panes.find((pane) => pane.node.contains(node));
    followCrossings({ paneOf, telegram: world, goTo, goToSlack });
  }
  document.getElementById("panes").append(...panes.map((pane) => pane.node));
  buildTabs();
  showTour(state.tour, { telegram: world, slack, goTo, goToSlack });
  setInterval(() => panes.forEach((pane) => pane.tick()), CLOCK_MS);
  follow(state.position, { onEvent, onState });
}

async function onEvent(event) {
  if (event.kind === "slack") {
    if (["users", "app", "conversations"].includes(event.type)) await slack.load();
    inSlack().forEach((pane) => pane.onEvent(event));
    return;
  }
  if (event.kind === "lost") {
    world.take(await call("GET", "/state"));
    inTelegram().forEach((pane) => pane.setUser(world.user(pane.key) ? pane.key : world.users[0].key));
    if (inSlack().length) await slack.load();
    inSlack().forEach((pane) => (slack.user(pane.key) ? pane.reload() : pane.setUser(slack.panes[0])));
    return;
  }
  if (event.kind === "bots" || event.kind === "users") {
    world.take(await call("GET", "/state"));
    inTelegram().forEach((pane) => (event.kind === "bots" ? pane.reload() : pane.setUser(pane.key)));
    return;
  }
  inTelegram().forEach((pane) => pane.onEvent(event));
}

function onState(connected) {
  document.getElementById("link-state").textContent = connected ? "" : "Connection lost, trying again…";
}

/** A narrow screen shows one pane, and these choose which; a wide one all that are wanted. */
function buildTabs() {
  const nav = document.getElementById("people");
  panes.forEach((pane) => {
    pane.tab = el("button", { type: "button", class: "tab", "aria-controls": pane.node.id, onclick: () => (narrow.matches ? show(pane) : toggle(pane)) });
    pane.onPerson = dressTab;
    pane.onNews = markTab;
  });
  world.onPerson = dressTab;
  world.onNews = markTab;
  nav.replaceChildren(...panes.map((pane) => pane.tab));
  panes.forEach(dressTab);
  narrow.addEventListener("change", pressTabs);
  if (panes.length) show(panes[0]);
}

function toggle(pane) {
  const away = !pane.node.classList.contains("away");
  if (away && panes.filter((one) => isSeen(one)).length < 2) return;
  pane.node.classList.toggle("away", away);
  if (!away) show(pane);
  pressTabs();
}

function isSeen(pane) {
  return narrow.matches ? pane.node.classList.contains("front") : !pane.node.classList.contains("away");
}

function pressTabs() {
  panes.forEach((pane) => pane.tab.setAttribute("aria-pressed", String(isSeen(pane))));
}

function whoIn(pane) {
  return pane.platform === "slack" ? `${pane.name} in Slack` : fullName(pane.user);
}

function dressTab(pane) {
  const name = pane.platform === "slack" ? pane.name : fullName(pane.user);
  const parts = [
    el("span", { class: pane.platform === "slack" ? "slack-avatar small" : "avatar small", "aria-hidden": "true" }, pane.platform === "slack" ? initialsOf(name) : initials(pane.user)),
    el("span", {}, name.split(" ")[0]),
    pane.platform === "slack" ? el("span", { class: "tab-note" }, "Slack") : null,
  ];
  pane.tab.replaceChildren(...parts.filter(Boolean));
  pane.tab.setAttribute("aria-label", whoIn(pane));
  pane.tab.dataset.tint = pane.node.dataset.tint;
}

function markTab(pane) {
  if (isSeen(pane)) return;
  pane.tab.classList.add("news");
  pane.tab.setAttribute("aria-label", `${whoIn(pane)}, new messages`);
}

function show(front) {
  panes.forEach((pane) => pane.node.classList.toggle("front", pane === front));
  front.node.classList.remove("away");
  pressTabs();
  front.tab.classList.remove("news");
  front.tab.setAttribute("aria-label", whoIn(front));
  front.tab.scrollIntoView({ inline: "nearest", block: "nearest" });
  front.scrollDown();
}

/** Bring a person's chat with the bot to the front; whoever's is there for null. */
function goTo(key) {
  const pane = bring(inTelegram(), key);
  pane.composer.focus();
  return pane;
}

/** Bring a person's Slack to the front, at a channel by its key or id, "app" or "home". */
async function goToSlack(key, place) {
  const pane = bring(inSlack(), slack.user(key) ? key : null);
  await pane.goTo(place);
  return pane;
}

function bring(some, key) {
  const pane = some.find((one) => one.key === key) || some[0];
  if (key && pane.key !== key) pane.setUser(key);
  show(pane);
  pane.node.scrollIntoView({ inline: "nearest", block: "nearest" });
  return pane;
}

begin();
