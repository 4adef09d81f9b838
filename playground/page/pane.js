// One person's chat: their head line, the messages, what they can do.

import { call, chatPath } from "./api.js";
import { Composer } from "./composer.js";
import { el, iconButton } from "./dom.js";
import { messageElement } from "./message.js";
import { fullName, initials } from "./names.js";
import { askContact, openLocations, openMenu, openShare } from "./share.js";
import { openAlert } from "./sheets.js";
import { botLink } from "./text.js";
import { clockTime, dayName, now, place } from "./times.js";

const NEAR_END = 140;
const TOAST_MS = 4500;
const BOT_ACTIONS = { typing: "is typing", upload_document: "is sending a file", upload_photo: "is sending a photo", find_location: "is looking up a place" };

export class Pane {
  /** A pane for `key`; `world` knows people, bots and cities. */
  constructor(world, key, index) {
    this.world = world;
    this.index = index;
    this.bot = world.bots[0]?.username || null;
    this.messages = new Map();
    this.waiting = new Map();
    this.avatar = el("span", { class: "avatar", "aria-hidden": "true" });
    this.person = el("select", { class: "person", "aria-label": `Person in chat ${index + 1}`, onchange: () => this.setUser(this.person.value) });
    this.botSelect = el("select", { class: "bot-select", "aria-label": `Bot in chat ${index + 1}`, onchange: () => this.setBot(this.botSelect.value) });
    this.note = el("p", { class: "person-note" });
    this.log = el("div", { class: "log", role: "log", tabindex: "0" });
    this.atEnd = true;
    this.log.addEventListener("scroll", () => (this.atEnd = this.isAtEnd()), { passive: true });
    // A keyboard that opens below must not push the newest message out of sight.
    new ResizeObserver(() => this.atEnd && this.scrollDown()).observe(this.log);
    this.action = el("p", { class: "bot-action", role: "status" });
    this.toasts = el("div", { class: "toasts", role: "status" });
    this.composer = new Composer(this, this.actions());
    this.node = el("section", { class: "pane", id: `pane-${index}` },
      el("header", { class: "pane-head" },
        this.avatar,
        el("div", { class: "pane-names" }, this.person, this.note),
        this.botSelect,
        iconButton("more", `Menu of chat ${index + 1}`, () => openMenu(this)),
      ),
      this.log, this.toasts, this.action, this.composer.node,
    );
    this.setUser(key);
  }

  get user() {
    return this.world.user(this.key);
  }

  get path() {
    return chatPath(this.key, this.bot);
  }

  actions() {
    return {
      say: (text) => this.act("messages", { text }),
      start: () => this.act("start", { payload: this.chat?.start_payload || "" }),
      press: (message, key, data) => this.press(message, key, data),
      copy: (text) => this.copy(text),
      knowsBot: (name) => this.world.bot(name) !== undefined,
      openBot: (opened) => this.openBot(opened),
      cityAt: (location) => this.world.cityAt(location),
      openShare: () => openShare(this),
      askContact: () => askContact(this),
      openLocations: () => openLocations(this),
    };
  }

  setUser(key) {
    this.key = key;
    this.toasts.replaceChildren();
    this.person.replaceChildren(...this.world.users.map((user) => el("option", { value: user.key, selected: user.key === key }, fullName(user))));
    this.avatar.textContent = initials(this.user);
    this.node.dataset.tint = this.world.users.findIndex((user) => user.key === key) % 6;
    this.node.setAttribute("aria-label", `Chat of ${fullName(this.user)}`);
    this.log.setAttribute("aria-label", `Messages of ${fullName(this.user)}`);
    this.tick();
    this.world.onPerson?.(this);
    this.reload();
  }

  setBot(username) {
    this.bot = username;
    this.reload();
  }

  /** Show the present time of the person; called now and then. */
  tick() {
    const label = this.user.label ? `${this.user.label} · ` : "";
    this.note.textContent = `${label}${place(this.user)} ${clockTime(this.user, now())}`;
  }

  async reload() {
    this.showBots();
    if (!this.bot) {
      this.log.replaceChildren(el("p", { class: "empty" }, "No bot has connected yet."));
      this.composer.node.hidden = true;
      return;
    }
    const wanted = this.path;
    const chat = await call("GET", wanted);
    if (wanted !== this.path) return;
    this.chat = chat;
    this.messages = new Map(chat.messages.map((message) => [message.id, message]));
    this.waiting = new Map(chat.waiting.map((one) => [one.callback_id, one]));
    this.drawAll();
    this.showChat();
  }

  showBots() {
    this.composer.node.hidden = false;
    if (!this.world.bot(this.bot)) this.bot = this.world.bots[0]?.username || null;
    this.botSelect.hidden = this.world.bots.length < 2;
    this.botSelect.replaceChildren(...this.world.bots.map((bot) => el("option", { value: bot.username, selected: bot.username === this.bot }, bot.name)));
  }

  showChat() {
    this.composer.show(this.chat);
    if (this.chat.action) this.showAction(this.chat.action, 5);
  }

  async refreshChat() {
    const wanted = this.path;
    const chat = await call("GET", wanted);
    // An answer that another one has overtaken is old news.
    if (wanted !== this.path || chat.seq < this.chat?.seq) return;
    this.chat = chat;
    this.showChat();
    this.drawIntro();
  }

  drawAll() {
    this.log.replaceChildren();
    this.drawIntro();
    for (const message of this.messages.values()) if (!message.deleted) this.append(message);
    this.scrollDown();
  }

  drawIntro() {
    const { bot } = this.chat;
    const intro = el("div", { class: "intro" },
      el("h2", {}, bot.name),
      el("p", { class: "intro-name" }, `@${bot.username}`),
      bot.description ? el("p", { dir: "auto" }, bot.description) : null,
    );
    const old = this.log.querySelector(".intro");
    if (old) old.replaceWith(intro);
    else this.log.prepend(intro);
  }

  append(message) {
    const day = dayName(this.user, message.date);
    const last = [...this.log.querySelectorAll(".day")].at(-1);
    if (last?.textContent !== day) this.log.append(el("p", { class: "day" }, day));
    this.log.append(messageElement(message, this.context()));
  }

  context() {
    return {
      user: this.user,
      bot: this.chat.bot,
      actions: this.composer.actions,
      original: (id) => this.messages.get(id),
      isWaiting: (id, data) => [...this.waiting.values()].some((one) => one.message_id === id && one.data === data),
    };
  }

  /** Take a message in: new, changed or deleted. */
  put(message, kind) {
    const old = this.log.querySelector(`[data-id="${message.id}"]`);
    this.messages.set(message.id, message);
    if (message.deleted) {
      const focused = old?.contains(document.activeElement);
      old?.remove();
      if (focused) this.log.focus();
      return;
    }
    const { atEnd } = this;
    if (old) this.replace(old, message, kind);
    else this.append(message);
    if (message.from_bot && kind === "message") this.showAction(null);
    if (atEnd || !message.from_bot) this.scrollDown();
    if (kind === "message" && message.from_bot) this.world.onNews?.(this);
  }

  replace(old, message, kind) {
    const focus = document.activeElement;
    const inside = old.contains(focus) && focus.dataset ? { ...focus.dataset } : null;
    const fresh = messageElement(message, this.context());
    if (kind === "edit") fresh.classList.add("changed");
    old.replaceWith(fresh);
    if (inside) (keyAt(fresh, inside) || fresh).focus();
  }

  redraw(messageId) {
    const message = this.messages.get(messageId);
    const old = this.log.querySelector(`[data-id="${messageId}"]`);
    if (message && old) this.replace(old, message, "busy");
  }

  isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END;
  }

  scrollDown() {
    this.atEnd = true;
    this.log.scrollTop = this.log.scrollHeight;
  }

  onEvent(event) {
    if (event.bot && event.user && (event.bot !== this.bot || event.user !== this.key)) return;
    if (event.message) {
      if (["message", "edit", "delete", "reaction"].includes(event.kind)) this.put(event.message, event.kind);
    }
    if (event.kind === "message") this.refreshChat();
    if (event.kind === "press") this.waiting.set(event.callback_id, event);
    if (event.kind === "answer") this.onAnswer(event);
    if (event.kind === "press" || event.kind === "answer") this.redraw(event.message_id);
    if (event.kind === "action") this.showAction(event.action, event.seconds);
    if (["chat", "commands", "users"].includes(event.kind)) this.refreshChat();
    if (event.kind === "open") this.refreshChat().then(() => this.composer.focus());
  }

  onAnswer(event) {
    this.waiting.delete(event.callback_id);
    if (event.text && event.alert) openAlert(this.node, this.chat.bot.name, event.text);
    else if (event.text) this.toast(event.text);
    const opened = event.url && botLink(event.url);
    if (opened) this.openBot(opened);
  }

  toast(text) {
    const toast = el("p", { class: "toast", dir: "auto" }, text);
    this.toasts.append(toast);
    setTimeout(() => toast.remove(), TOAST_MS);
  }

  showAction(action, seconds) {
    clearTimeout(this.actionTimer);
    this.action.textContent = action ? `${this.chat?.bot.name || "The bot"} ${BOT_ACTIONS[action] || "is busy"}…` : "";
    if (action) this.actionTimer = setTimeout(() => this.showAction(null), seconds * 1000);
  }

  async act(what, body) {
    try {
      return await call("POST", `${this.path}/${what}`, body);
    } catch (error) {
      this.toast(error.message);
      return null;
    }
  }

  press(message, key, data) {
    if (key.getAttribute("aria-busy") === "true") return;
    key.setAttribute("aria-busy", "true");
    this.act("presses", { message_id: message.id, data });
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.toast("Copied.");
    } catch {
      this.toast(`Could not copy. The text is: ${text}`);
    }
  }

  async openBot({ bot, payload }) {
    const known = this.world.bot(bot);
    if (!known) return this.toast(`There is no bot @${bot} here.`);
    if (known.username !== this.bot) this.setBot(known.username);
    await this.act("link", { payload });
    return this.composer.focus();
  }
}

function keyAt(node, { row, column }) {
  if (row === undefined) return null;
  const rows = [...node.querySelectorAll(".inline-keyboard .keys")];
  const keys = rows[Math.min(Number(row), rows.length - 1)]?.children;
  return keys?.[Math.min(Number(column), keys.length - 1)] || null;
}
