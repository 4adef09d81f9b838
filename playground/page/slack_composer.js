// The line under a conversation: words, slash commands, people by @, shortcuts by +.

import { el, iconButton } from "./dom.js";
import { openMenu } from "./popup.js";

/** Slack's own, which an app may ask for. */
const INVITE = { command: "/invite", usage_hint: "@someone", description: "Bring someone into the channel" };

export class SlackComposer {
  constructor(pane) {
    this.pane = pane;
    this.suggestions = el("div", { class: "suggestions slack-suggestions", role: "group", "aria-label": "Suggestions", hidden: true });
    this.field = el("textarea", { rows: "1", autocomplete: "off", dir: "auto" });
    this.field.addEventListener("input", () => this.onInput());
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    this.plus = iconButton("plus", "Shortcuts", () => this.openShortcuts(), { "aria-haspopup": "menu", "aria-expanded": "false" });
    this.form = el("form", { class: "slack-line" }, this.plus, this.field, iconButton("send", "Send", null, { type: "submit", class: "icon-button send" }));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.hint = el("p", { class: "composer-hint", dir: "auto", hidden: true });
    this.node = el("div", { class: "slack-composer" }, this.suggestions, this.hint, this.form);
  }

  show(place) {
    this.field.placeholder = `Message ${place}`;
    this.field.setAttribute("aria-label", `${this.pane.user.name}'s message to ${place}`);
    this.plus.hidden = !this.pane.world.shortcutsOf("global").length;
  }

  focus() {
    this.field.focus();
  }

  submit() {
    const text = this.field.value.trim();
    if (!text) return;
    this.put("");
    this.pane.say(text);
  }

  put(text) {
    this.field.value = text;
    this.onInput();
  }

  onInput() {
    this.field.rows = Math.min(6, this.field.value.split("\n").length);
    const before = this.field.value.slice(0, this.field.selectionStart);
    const command = /^\/[\w-]*$/.exec(this.field.value);
    const name = /(?:^|\s)@([\p{L}\p{N}_.-]*)$/u.exec(before);
    if (command && !this.pane.thread) this.suggest(this.commands(command[0]));
    else if (name) this.suggest(this.names(name[1]));
    else this.hideSuggestions();
    this.showHint();
  }

  /** While a command is filled in, what it takes. */
  showHint() {
    const [, typed] = /^(\/[\w-]+)\s/.exec(this.field.value) || [];
    const known = this.known.find((one) => one.command === typed);
    this.hint.hidden = !known?.usage_hint || !this.suggestions.hidden;
    this.hint.textContent = known ? `${known.command} ${known.usage_hint}` : "";
  }

  get known() {
    return [...(this.pane.world.app.commands || []), INVITE];
  }

  commands(beginning) {
    const fitting = this.known.filter((one) => one.command.startsWith(beginning));
    return fitting.map((one) => [one.command, [one.usage_hint, one.description].filter(Boolean).join(" · "), () => this.put(`${one.command} `)]);
  }

  names(beginning) {
    const wanted = beginning.toLowerCase();
    const { app } = this.pane.world;
    const people = this.pane.world.people().map((user) => [user.key, user.name]);
    const fitting = [...people, [app.name, "App"]].filter(([key, name]) => key.toLowerCase().startsWith(wanted) || name.toLowerCase().startsWith(wanted));
    return fitting.map(([key, name]) => [`@${key}`, name, () => this.complete(key, beginning)]);
  }

  complete(name, beginning) {
    const caret = this.field.selectionStart;
    const { value } = this.field;
    const head = `${value.slice(0, caret - beginning.length)}${name} `;
    this.put(head + value.slice(caret).trimStart());
    this.field.setSelectionRange(head.length, head.length);
  }

  suggest(entries) {
    const buttons = entries.map(([label, note, action]) =>
      el("button", { type: "button", class: "suggestion", onclick: () => { this.hideSuggestions(); this.field.focus(); action(); } },
        el("span", { class: "suggestion-command" }, label),
        el("span", { class: "suggestion-note", dir: "auto" }, note),
      ));
    this.suggestions.replaceChildren(...buttons);
    this.suggestions.hidden = !buttons.length;
    this.suggestions.onkeydown = (event) => {
      const here = buttons.indexOf(document.activeElement);
      const next = { ArrowDown: here + 1, ArrowUp: here - 1 }[event.key];
      if (next === undefined && event.key !== "Escape") return;
      event.preventDefault();
      if (event.key === "Escape") this.hideSuggestions();
      (buttons[next] || this.field).focus();
    };
  }

  hideSuggestions() {
    this.suggestions.hidden = true;
  }

  onKey(event) {
    const open = !this.suggestions.hidden;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Tab" && open && !event.shiftKey) {
      event.preventDefault();
      this.suggestions.firstElementChild.click();
    } else if (event.key === "Escape" && open) {
      event.stopPropagation();
      this.hideSuggestions();
    } else if (event.key === "ArrowUp" && open) {
      event.preventDefault();
      this.suggestions.lastElementChild.focus();
    }
  }

  openShortcuts() {
    const { world } = this.pane;
    openMenu(this.plus, "Shortcuts", world.shortcutsOf("global").map((shortcut) => [shortcut.name, shortcut.description || world.app.name, () => this.pane.shortcut(shortcut)]));
  }
}
