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
    const { scrollLeft } = this.node;
    this.node.setAttribute("aria-label", `Conversations of ${pane.name}`);
    this.node.replaceChildren(
      el("p", { class: "sidebar-team", dir: "auto" }, pane.world.team.name),
      this.group("App", [this.entry("home", "home", "App Home"), ...direct.map((one) => this.entry(one.id, "chat", pane.nameOf(one)))]),
      this.group("Channels", channels.map((one) => this.entry(one.id, one.is_private ? "lock" : "hash", one.name))),
    );
    this.node.scrollLeft = scrollLeft;
    this.showCurrent();
    if (focused) [...this.node.querySelectorAll("button")].find((one) => one.dataset.channel === focused)?.focus();
  }

  /** Scroll the strip alone: scrollIntoView would move the panes as well. */
  showCurrent() {
    const current = this.node.querySelector("[aria-current]")?.getBoundingClientRect();
    if (!current) return;
    const strip = this.node.getBoundingClientRect();
    const beyond = Math.max(0, current.right - strip.right) || Math.min(0, current.left - strip.left);
    if (beyond) this.node.scrollLeft += beyond + Math.sign(beyond) * 8;
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
