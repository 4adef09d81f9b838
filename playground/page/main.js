// Start: fetch the state, build a pane per person, follow what happens.

import { call, follow } from "./api.js";
import { el } from "./dom.js";
import { fullName, initials } from "./names.js";
import { Pane } from "./pane.js";
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
const panes = [];

async function begin() {
  const state = await call("GET", "/state");
  world.take(state);
  document.title = state.title;
  document.getElementById("title").textContent = state.title;
  const room = document.getElementById("panes");
  state.panes.forEach((key, index) => {
    const pane = new Pane(world, key, index);
    panes.push(pane);
    room.append(pane.node);
  });
  room.style.setProperty("--panes", panes.length);
  buildTabs();
  showTour(state.tour, world, goTo);
  setInterval(() => panes.forEach((pane) => pane.tick()), CLOCK_MS);
  follow(state.position, { onEvent, onState });
}

async function onEvent(event) {
  if (event.kind === "lost") {
    world.take(await call("GET", "/state"));
    panes.forEach((pane) => pane.setUser(world.user(pane.key) ? pane.key : world.users[0].key));
    return;
  }
  if (event.kind === "bots" || event.kind === "users") {
    world.take(await call("GET", "/state"));
    panes.forEach((pane) => (event.kind === "bots" ? pane.reload() : pane.setUser(pane.key)));
    return;
  }
  panes.forEach((pane) => pane.onEvent(event));
}

function onState(connected) {
  document.getElementById("link-state").textContent = connected ? "" : "Connection lost, trying again…";
}

/** On a narrow screen one pane is shown at a time; these choose which. */
function buildTabs() {
  const nav = document.getElementById("people");
  panes.forEach((pane) => {
    pane.tab = el("button", { type: "button", class: "tab", "aria-controls": pane.node.id, onclick: () => show(pane) });
  });
  nav.replaceChildren(...panes.map((pane) => pane.tab));
  world.onPerson = (pane) => {
    pane.tab.replaceChildren(
      el("span", { class: "avatar small", "aria-hidden": "true" }, initials(pane.user)),
      el("span", {}, pane.user.first_name),
    );
    pane.tab.setAttribute("aria-label", fullName(pane.user));
    pane.tab.dataset.tint = pane.node.dataset.tint;
  };
  world.onNews = (pane) => {
    if (!pane.node.classList.contains("front")) {
      pane.tab.classList.add("news");
      pane.tab.setAttribute("aria-label", `${fullName(pane.user)}, new messages`);
    }
  };
  panes.forEach(world.onPerson);
  if (panes.length) show(panes[0]);
}

function show(front) {
  panes.forEach((pane) => {
    pane.node.classList.toggle("front", pane === front);
    pane.tab.setAttribute("aria-pressed", String(pane === front));
  });
  front.tab.classList.remove("news");
  front.tab.setAttribute("aria-label", fullName(front.user));
  front.scrollDown();
}

function goTo(key) {
  const pane = panes.find((one) => one.key === key) || panes[0];
  if (pane.key !== key) pane.setUser(key);
  show(pane);
  pane.composer.focus();
  return pane;
}

begin();
