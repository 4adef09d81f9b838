// What stands under a chat: START, the text field, command suggestions, the reply keyboard.

import { el, iconButton, walkable } from "./dom.js";

/** Build the lower part of a pane; `actions` does what is asked for. */
export class Composer {
  constructor(pane, actions) {
    this.actions = actions;
    this.chat = null;
    this.keyboardShown = true;
    this.node = el("div", { class: "composer" });
    this.suggestions = el("div", { class: "suggestions", role: "group", "aria-label": "Commands", hidden: true });
    this.field = el("textarea", { rows: "1", placeholder: "Message", autocomplete: "off", dir: "auto" });
    this.field.addEventListener("input", () => this.onInput());
    this.field.addEventListener("keydown", (event) => this.onKey(event));
    this.commandButton = el("button", { type: "button", class: "icon-button command-button", "aria-label": "Commands", title: "Commands", "aria-expanded": "false", onclick: () => this.toggleCommands() }, el("span", { "aria-hidden": "true" }, "/"));
    this.keyboardButton = iconButton("grid", "Bot keyboard", () => this.toggleKeyboard(), { "aria-expanded": "true" });
    this.form = el("form", { class: "line" },
      this.commandButton,
      this.field,
      this.keyboardButton,
      iconButton("clip", "Share contact, location or a link", () => actions.openShare()),
      iconButton("send", "Send", null, { type: "submit", class: "icon-button send" }),
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.startButton = el("button", { type: "button", class: "solid wide start", onclick: () => actions.start() }, "Start");
    this.keyboard = el("div", { class: "reply-keyboard", role: "group", "aria-label": "Bot keyboard" });
    this.node.append(this.suggestions, this.startButton, this.form, this.keyboard);
  }

  show(chat) {
    this.chat = chat;
    const mustStart = !chat.started || chat.blocked || chat.start_payload !== null;
    const hadFocus = this.node.contains(document.activeElement);
    this.startButton.hidden = !mustStart;
    this.startButton.textContent = chat.blocked ? "Unblock and start" : "Start";
    this.form.hidden = mustStart;
    this.commandButton.hidden = !chat.commands.length;
    this.field.setAttribute("aria-label", `Message from ${chat.user.first_name}`);
    this.field.placeholder = chat.keyboard?.input_field_placeholder || "Message";
    this.showKeyboard(mustStart ? null : chat.keyboard);
    if (hadFocus && !this.node.contains(document.activeElement)) this.focus();
  }

  focus() {
    (this.form.hidden ? this.startButton : this.field).focus();
  }

  submit() {
    const text = this.field.value;
    if (!text.trim()) return;
    this.field.value = "";
    this.onInput();
    this.actions.say(text);
  }

  onKey(event) {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    } else if (event.key === "Escape" && !this.suggestions.hidden) {
      this.hideSuggestions();
    } else if (event.key === "ArrowUp" && !this.suggestions.hidden) {
      event.preventDefault();
      this.suggestions.lastElementChild?.focus();
    }
  }

  onInput() {
    this.field.rows = Math.min(5, this.field.value.split("\n").length);
    const typed = /^\/(\w*)$/.exec(this.field.value);
    if (typed) this.suggest(typed[1]);
    else this.hideSuggestions();
  }

  toggleCommands() {
    if (this.suggestions.hidden) {
      this.suggest("");
      this.suggestions.firstElementChild?.focus();
    } else {
      this.hideSuggestions();
    }
  }

  suggest(beginning) {
    const fitting = (this.chat?.commands || []).filter((one) => one.command.startsWith(beginning));
    const buttons = fitting.map((one) =>
      el("button", { type: "button", class: "suggestion", onclick: () => this.choose(one.command) },
        el("span", { class: "suggestion-command" }, `/${one.command}`),
        el("span", { class: "suggestion-note", dir: "auto" }, one.description),
      ),
    );
    walkable(buttons.map((button) => [button]));
    this.suggestions.replaceChildren(...buttons);
    this.suggestions.hidden = !buttons.length;
    this.commandButton.setAttribute("aria-expanded", String(!this.suggestions.hidden));
    this.suggestions.onkeydown = (event) => {
      const beyond = event.key === "ArrowDown" && document.activeElement === this.suggestions.lastElementChild;
      if (event.key !== "Escape" && !beyond) return;
      if (event.key === "Escape") this.hideSuggestions();
      this.field.focus();
    };
  }

  hideSuggestions() {
    this.suggestions.hidden = true;
    this.commandButton.setAttribute("aria-expanded", "false");
  }

  choose(command) {
    this.field.value = "";
    this.hideSuggestions();
    this.field.focus();
    this.actions.say(`/${command}`);
  }

  toggleKeyboard() {
    this.keyboardShown = !this.keyboardShown;
    this.showKeyboard(this.chat.keyboard);
  }

  showKeyboard(markup) {
    const rows = markup?.keyboard || [];
    this.keyboardButton.hidden = !rows.length;
    this.keyboardButton.setAttribute("aria-expanded", String(this.keyboardShown));
    this.keyboard.hidden = !rows.length || !this.keyboardShown;
    const drawn = rows.map((row) => row.map((button) => this.replyKey(button)));
    walkable(drawn);
    this.keyboard.replaceChildren(
      ...drawn.map((row) => {
        const node = el("div", { class: row.length > 4 ? "keys dense" : "keys" }, row);
        node.style.setProperty("--columns", row.length);
        return node;
      }),
    );
  }

  replyKey(button) {
    const pressed = () => {
      if (button.request_contact) this.actions.askContact();
      else if (button.request_location) this.actions.openLocations();
      else this.actions.say(button.text);
    };
    return el("button", { type: "button", class: `key ${button.style ? `key-${button.style}` : ""}`, onclick: pressed }, el("span", { class: "key-label", dir: "auto" }, button.text));
  }
}
