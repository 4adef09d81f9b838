// The conversations of a person: the app, then channels. On a narrow pane it is a strip.

import { el, icon } from "./dom.js";

export class Sidebar {
  constructor(pane) {
    this.pane = pane;
    this.unread = new Set();
    this.node = el("nav", { class: "sidebar" });
  }

  show() {
    const { pane } = this;
    const direct = pane.conversations.filter((one) => one.is_im || one.is_mpim);
    const channels = pane.conversations.filter((one) => !direct.includes(one));
    const focused = this.node.contains(document.activeElement) && document.activeElement.dataset.channel;
    this.node.setAttribute("aria-label", `Conversations of ${pane.name}`);
    this.node.replaceChildren(
      el("p", { class: "sidebar-team", dir: "auto" }, pane.world.team.name),
      this.group("App", [this.entry("home", "home", "App Home"), ...direct.map((one) => this.entry(one.id, "chat", pane.nameOf(one)))]),
      this.group("Channels", channels.map((one) => this.entry(one.id, one.is_private ? "lock" : "hash", one.name))),
    );
    this.node.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest", inline: "nearest" });
    if (focused) [...this.node.querySelectorAll("button")].find((one) => one.dataset.channel === focused)?.focus();
  }

  group(title, entries) {
    return entries.length ? el("div", { class: "sidebar-group" }, el("p", { class: "sidebar-title", "aria-hidden": "true" }, title), entries) : null;
  }

  entry(id, drawing, label) {
    const here = id === this.pane.channel;
    const news = this.unread.has(id);
    return el("button", {
      type: "button", class: news ? "place news" : "place", "aria-current": here ? "true" : null, "aria-label": news ? `${label}, new messages` : null,
      data: { channel: id }, onclick: () => this.pane.open(id),
    }, icon(drawing), el("span", { dir: "auto" }, label));
  }

  news(channel) {
    this.unread.add(channel);
    this.show();
    this.pane.onNews?.(this.pane);
  }

  read(channel) {
    if (this.unread.delete(channel)) this.show();
  }
}
