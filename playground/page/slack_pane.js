// One person's Slack: conversations at the side, messages or App Home, modals above.

import { el, iconButton } from "./dom.js";
import { initialsOf } from "./names.js";
import { SlackComposer } from "./slack_composer.js";
import { isoDay, shortTime } from "./slack_dates.js";
import { Errands, inTurn } from "./slack_errands.js";
import { showMessages } from "./slack_messages.js";
import { ModalStack } from "./slack_modal.js";
import { Sidebar } from "./slack_sidebar.js";
import { ViewBody } from "./slack_view.js";
import { userPath } from "./slack_world.js";
import { now } from "./times.js";

const NEAR_END = 140;
const HOME = "home";

export class SlackPane extends Errands {
  /** A pane for the person `key`; `world` is the workspace. */
  constructor(world, key, index) {
    super();
    Object.assign(this, { world, index, channel: null, thread: null, conversations: [] });
    this.platform = "slack";
    this.avatar = el("span", { class: "slack-avatar", "aria-hidden": "true" });
    this.person = el("select", { class: "person", "aria-label": `Person in Slack ${index + 1}`, onchange: () => this.setUser(this.person.value) });
    this.note = el("p", { class: "person-note" });
    this.sidebar = new Sidebar(this);
    this.title = el("h2", { class: "slack-title" });
    this.titleNote = el("span", { class: "slack-title-note" });
    this.back = iconButton("back", "Back to the channel", () => this.open(this.channel));
    this.head = el("div", { class: "slack-head" }, this.back, this.title, this.titleNote);
    this.log = el("div", { class: "slack-log", role: "log", tabindex: "0" });
    this.home = el("div", { class: "slack-home", role: "region", tabindex: "0", hidden: true });
    this.homeBody = new ViewBody(this, el("div", { class: "blocks home-blocks" }));
    this.home.append(this.homeBody.node);
    this.archived = el("p", { class: "slack-note", hidden: true }, "This channel is archived: nothing more can be said in it.");
    this.atEnd = true;
    this.log.addEventListener("scroll", () => (this.atEnd = this.isAtEnd()), { passive: true });
    new ResizeObserver(() => this.atEnd && this.scrollDown()).observe(this.log);
    this.toasts = el("div", { class: "toasts", role: "status" });
    this.composer = new SlackComposer(this);
    this.modals = new ModalStack(this);
    this.refreshMessages = inTurn(() => this.fetchMessages());
    this.refreshViews = inTurn(() => this.fetchViews());
    this.refreshConversations = inTurn(() => this.fetchConversations());
    this.node = el("section", { class: "pane slack-pane", id: `slack-pane-${index}` },
      el("header", { class: "pane-head" }, this.avatar,
        el("div", { class: "pane-names" }, this.person, this.note),
        el("span", { class: "platform" }, "Slack")),
      el("div", { class: "slack-body" }, this.sidebar.node,
        el("div", { class: "slack-main" },
          this.head,
          this.log, this.home, this.archived, this.composer.node)),
      this.toasts, this.modals.node,
    );
    this.setUser(key);
  }

  get user() {
    return this.world.user(this.key);
  }

  get name() {
    return this.user.name;
  }

  /** What texts are drawn with. */
  get context() {
    return {
      user: this.user,
      appId: this.world.app.bot_user_id,
      appName: this.world.app.name,
      userById: (id) => this.world.userById(id),
      channelById: (id) => this.conversations.find((one) => one.id === id) || this.world.channels.find((one) => one.id === id && !one.is_private),
      openChannel: (id) => this.conversations.some((one) => one.id === id) && this.open(id),
    };
  }

  setUser(key) {
    this.key = key;
    this.epoch = {};
    this.channel = null;
    this.modals.show([]);
    this.sidebar.unread.clear();
    this.reload();
  }

  /** Show who this is. People may have new names and zones, so everything is drawn anew. */
  dress() {
    this.person.replaceChildren(...this.world.users.filter((user) => !user.is_bot).map((user) => el("option", { value: user.key, selected: user.key === this.key }, user.name)));
    this.avatar.textContent = initialsOf(this.name);
    this.node.dataset.tint = this.world.tint(this.key);
    this.avatar.dataset.tint = this.node.dataset.tint;
    this.node.setAttribute("aria-label", `Slack of ${this.name}`);
    this.log.replaceChildren();
    this.homeBody.node.replaceChildren();
    this.tick();
    this.onPerson?.(this);
  }

  tick() {
    const place = (this.user.zone || "UTC").split("/").pop().replaceAll("_", " ");
    this.note.textContent = `${this.user.label ? `${this.user.label} · ` : ""}${place} ${shortTime(this.user, now())}`;
    const day = isoDay(this.user, now());
    if (this.day && this.day !== day) this.refreshMessages();
    this.day = day;
  }

  /** Everything anew, as after a lost connection. */
  async reload() {
    const { epoch } = this;
    this.dress();
    await this.refreshConversations();
    if (epoch !== this.epoch) return;
    if (this.channel) this.refreshMessages();
    else this.open(this.conversations.find((one) => !one.is_im && one.with_app !== false)?.id || this.conversations[0]?.id || HOME);
    this.refreshViews();
  }

  /** Show a channel, or App Home. */
  open(channel, thread = null) {
    const changed = channel !== this.channel || thread !== this.thread;
    Object.assign(this, { channel, thread });
    const atHome = channel === HOME;
    this.log.hidden = atHome;
    this.home.hidden = !atHome;
    this.back.hidden = !thread;
    this.head.classList.toggle("in-thread", Boolean(thread));
    if (changed) this.log.replaceChildren();
    this.atEnd = true;
    this.sidebar.show();
    this.showTitle();
    if (atHome) return this.post("/home", {}).then(() => this.refreshViews());
    return this.refreshMessages();
  }

  /** Open a place by its name in the tour: a channel's key, "app" or "home". */
  async goTo(place) {
    if (!this.conversations.length) await this.refreshConversations();
    const channel = this.conversations.find((one) => (place === "app" ? one.is_im : one.id === place || one.key === place));
    const named = this.world.channels.find((one) => one.key === place);
    const found = place === HOME ? HOME : (channel || named)?.id;
    if (found && (found !== this.channel || this.thread)) await this.open(found);
  }

  openThread(ts) {
    this.open(this.channel, ts);
    this.composer.focus();
  }

  get conversation() {
    return this.conversations.find((one) => one.id === this.channel);
  }

  showTitle() {
    const { conversation, user } = this;
    const name = this.channel === HOME ? "App Home" : conversation ? this.nameOf(conversation) : "";
    this.title.textContent = this.thread ? `Thread in ${name}` : name;
    const isPerson = (id) => this.world.people().some((user) => user.id === id);
    const people = conversation && !conversation.is_im ? conversation.members?.filter(isPerson).length : 0;
    this.titleNote.textContent = people ? `${people} ${people === 1 ? "member" : "members"}` : "";
    this.log.setAttribute("aria-label", `${name}, messages of ${user.name}`);
    this.home.setAttribute("aria-label", `App Home of ${user.name}`);
    this.composer.node.hidden = !conversation || conversation.is_archived === true;
    this.archived.hidden = !conversation?.is_archived;
    this.composer.show(this.thread ? "this thread" : name);
  }

  async fetchConversations() {
    const { epoch } = this;
    const found = await this.get("/conversations");
    if (!found || epoch !== this.epoch) return;
    this.conversations = found;
    if (this.channel && this.channel !== HOME && !this.conversation) this.open(found[0]?.id || HOME);
    this.sidebar.show();
    if (this.channel) this.showTitle();
  }

  async fetchMessages() {
    const { epoch, channel, thread } = this;
    if (!channel || channel === HOME) return;
    const query = thread ? `?thread_ts=${encodeURIComponent(thread)}` : "";
    const messages = await this.get(`/conversations/${encodeURIComponent(channel)}/messages${query}`);
    if (!messages || epoch !== this.epoch || channel !== this.channel || thread !== this.thread) return;
    const { atEnd } = this;
    const fresh = showMessages(this.log, messages, this, { thread: Boolean(thread) });
    this.log.classList.toggle("empty-log", !messages.length);
    if (fresh && (atEnd || messages.at(-1).user === this.user.id)) this.scrollDown();
    else if (atEnd) this.scrollDown();
    this.sidebar.read(channel);
    this.settle();
  }

  async fetchViews() {
    const { epoch } = this;
    const views = await this.get("/views");
    if (!views || epoch !== this.epoch) return;
    this.modals.show(views.modals || []);
    if (views.home) this.homeBody.show(views.home);
    this.home.classList.toggle("no-view", !views.home);
    this.settle();
  }

  onEvent(event) {
    const type = event.type || "";
    if (type === "users") this.dress();
    else if (event.user && event.user !== this.key) return;
    if (type === "view" || type === "home") this.refreshViews();
    else if (type.startsWith("message") || type === "file") this.onMessage(event, type);
    else this.refreshConversations().then(() => this.refreshMessages());
    if (type === "users") this.refreshViews();
  }

  onMessage(event, type) {
    if (event.channel === this.channel) return this.refreshMessages();
    if (!this.conversations.some((one) => one.id === event.channel)) return this.refreshConversations();
    if (type === "message" && !event.thread_ts) this.sidebar.news(event.channel);
    return null;
  }

  /** What is typed: a command runs, anything else is said. */
  async say(text) {
    const command = /^(\/\S+)\s*([\s\S]*)$/.exec(text);
    if (command?.[1] === "/invite") return this.invite(command[2]);
    if (command && this.thread) return this.toast(`${command[1]} does not work in threads, as in Slack.`);
    if (command) return this.deliver("/commands", { channel_id: this.channel, command: command[1], text: command[2] }, command[1]);
    return this.post("/messages", { channel_id: this.channel, text, ...(this.thread ? { thread_ts: this.thread } : {}) });
  }

  /** Slack's own command: bring the app or people into the channel. */
  async invite(text) {
    const names = [...text.matchAll(/@([\p{L}\p{N}_.-]+)/gu)].map(([, name]) => name.toLowerCase());
    if (!names.length) return this.toast("Who? For example: /invite @" + this.world.app.name);
    const body = { channel_id: this.channel, member: true };
    for (const name of names) {
      const user = this.world.people().find((one) => one.key.toLowerCase() === name);
      if (name === this.world.app.name.toLowerCase()) await this.request("POST", "/slack/app/membership", body);
      else if (user) await this.request("POST", `${userPath(user.key)}/membership`, body);
      else this.toast(`There is nobody called @${name} here.`);
    }
    return null;
  }

  shortcut(shortcut, where = {}) {
    return this.deliver("/shortcuts", { callback_id: shortcut.callback_id, type: shortcut.type, ...where });
  }

  /** "#design", the app's name, or who is in a message to several. */
  nameOf(conversation) {
    if (conversation.is_im) return conversation.name;
    if (!conversation.is_mpim) return `#${conversation.name}`;
    const others = (conversation.members || []).filter((id) => id !== this.user.id && id !== this.world.app.bot_user_id);
    return others.map((id) => this.world.userById(id)?.name.split(" ")[0] || id).join(", ");
  }

  channelOptions(kind, filter) {
    const allowed = (one) => {
      if (kind === "channels") return !one.is_im && !one.is_private;
      const type = one.is_im ? "im" : one.is_private ? "private" : "public";
      return !filter?.include || filter.include.includes(type);
    };
    return this.conversations.filter(allowed).map((one) => [one.id, this.nameOf(one)]);
  }

  focus() {
    if (this.channel === HOME) this.home.focus();
    else this.composer.focus();
  }

  isAtEnd() {
    return this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < NEAR_END;
  }

  scrollDown() {
    this.atEnd = true;
    this.log.scrollTop = this.log.scrollHeight;
  }
}
