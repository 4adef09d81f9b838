// Selects with search: one choice or several, from a fixed list, the app, people or channels.

import { el, icon } from "./dom.js";
import { openPopup } from "./popup.js";
import { bareText, plainText } from "./slack_mrkdwn.js";

const ASK_MS = 180;
let counter = 0;

/** A select of one. */
export function choice(element, block, surface, how, field) {
  const source = sourceOf(element, block, surface);
  const combo = new Combo(source, field, { placeholder: field.placeholder("Choose") });
  const show = () => (combo.input.value = source.label(field.answer));
  combo.isChosen = (option) => field.answer !== null && source.same(field.answer, option);
  combo.onChoose = async (option) => {
    combo.close();
    const told = field.settle(combo.node, source.answer(option));
    show();
    if (!(await told)) show();
  };
  combo.onClose = show;
  show();
  return combo.node;
}

/** A select of several: what is chosen stands in front as chips. */
export function choices(element, block, surface, how, field) {
  const source = sourceOf(element, block, surface);
  const combo = new Combo(source, field, { placeholder: field.placeholder("Choose"), several: true });
  const most = element.max_selected_items || Infinity;
  let before = JSON.stringify(field.answer);
  const show = () => {
    combo.input.value = "";
    combo.input.placeholder = field.answer.length ? "" : field.placeholder("Choose");
    combo.chips.replaceChildren(...field.answer.map((answer) => chip(source.label(answer), () => remove(answer))));
  };
  const settle = () => {
    if (JSON.stringify(field.answer) === before) return;
    before = JSON.stringify(field.answer);
    field.settle(combo.node, field.answer);
  };
  const remove = (answer) => {
    field.enter(field.answer.filter((one) => one !== answer));
    show();
    settle();
    combo.input.focus();
  };
  combo.isChosen = (option) => field.answer.some((one) => source.same(one, option));
  combo.onChoose = (option) => {
    const others = field.answer.filter((one) => !source.same(one, option));
    if (others.length === field.answer.length && others.length >= most) return combo.say(`No more than ${most}.`);
    field.enter(others.length < field.answer.length ? others : [...others, source.answer(option)]);
    show();
    return combo.search("");
  };
  combo.onErase = () => field.answer.length && remove(field.answer.at(-1));
  combo.onClose = () => (show(), settle());
  show();
  return combo.node;
}

function chip(label, onclick) {
  return el("span", { class: "chip" }, el("span", { dir: "auto" }, label),
    el("button", { type: "button", class: "chip-remove", "aria-label": `Remove ${label}`, onclick }, icon("close")));
}

/** Where options come from, and how an answer is made of one. */
function sourceOf(element, block, surface) {
  const { type } = element;
  const kind = type.replace(/^multi_/, "").replace(/_select$/, "");
  const asOption = (id, name, note) => ({ text: { type: "plain_text", text: name }, value: id, note });
  if (kind === "static" || kind === "external") {
    const groups = element.option_groups || [{ options: element.options || [] }];
    return {
      groups: kind === "static" ? async (typed) => fitting(groups, typed) : external(element, block, surface),
      answer: (option) => option,
      same: (answer, option) => answer.value === option.value,
      label: (answer) => (answer ? plainText(answer.text.text) : ""),
    };
  }
  const all = () => (kind === "users" ? surface.pane.world.people().map((user) => asOption(user.id, user.name, user.label)) : surface.pane.channelOptions(kind, element.filter).map(([id, name]) => asOption(id, name)));
  return {
    groups: async (typed) => fitting([{ options: all() }], typed),
    answer: (option) => option.value,
    same: (answer, option) => answer === option.value,
    label: (answer) => (answer && (all().find((option) => option.value === answer)?.text.text || answer)) || "",
  };
}

function fitting(groups, typed) {
  const wanted = typed.trim().toLowerCase();
  const begins = (option) => plainText(option.text.text).toLowerCase().startsWith(wanted);
  const fits = (option) => plainText(option.text.text).toLowerCase().includes(wanted);
  // What begins with the letters comes before what only has them in it.
  const found = (options) => [...options.filter(begins), ...options.filter((option) => fits(option) && !begins(option))];
  return groups.map((group) => ({ ...group, options: found(group.options) })).filter((group) => group.options.length);
}

function external(element, block, surface) {
  return async (typed) => {
    const least = element.min_query_length ?? 3;
    if (typed.length < least) return { note: `Type ${least - typed.length} more ${least - typed.length === 1 ? "letter" : "letters"}.` };
    const found = await surface.options(block, element, typed);
    if (!found || found.ok === false) return { note: "No answer. Type again." };
    return found.option_groups || (found.options?.length ? [{ options: found.options }] : []);
  };
}

/** A text field with a list under it, as screen readers know it. */
class Combo {
  constructor(source, field, { placeholder, several = false }) {
    this.source = source;
    this.id = `list-${(counter += 1)}`;
    this.options = [];
    this.input = el("input", {
      type: "text", role: "combobox", autocomplete: "off", spellcheck: "false", "aria-autocomplete": "list", "aria-expanded": "false", "aria-haspopup": "listbox", placeholder, dir: "auto",
      class: "combo-input", ...field.attributes(placeholder),
    });
    this.chips = several ? el("span", { class: "chips" }) : null;
    this.node = el("div", { class: several ? "combo several" : "combo" }, this.chips, this.input, icon("down"), el("span", { class: "spinner", "aria-hidden": "true" }));
    this.node.addEventListener("click", (event) => {
      if (event.target.closest(".chip-remove")) return;
      this.input.focus();
      this.open();
    });
    this.input.addEventListener("input", () => (this.popup ? this.searchSoon() : this.open(this.input.value)));
    this.input.addEventListener("keydown", (event) => this.onKey(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.node.contains(document.activeElement) || this.close()));
  }

  open(typed = "") {
    if (this.popup) return;
    this.list = el("div", { id: this.id, role: "listbox", class: "options", "aria-label": "Options", "aria-multiselectable": this.chips ? "true" : null });
    // A press on the list must not take the focus from the field.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.popup = openPopup(this.node, this.list, { matchWidth: true, onClose: () => this.closed() });
    this.input.setAttribute("aria-expanded", "true");
    this.input.setAttribute("aria-controls", this.id);
    if (!typed) this.input.select();
    this.search(typed);
  }

  close() {
    this.popup?.close();
  }

  closed() {
    clearTimeout(this.timer);
    this.popup = null;
    this.asked = null;
    this.behind = false;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-controls");
    this.input.removeAttribute("aria-activedescendant");
    this.onClose?.();
  }

  searchSoon() {
    this.behind = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.search(this.input.value), ASK_MS);
  }

  async search(typed) {
    const asked = (this.asked = {});
    clearTimeout(this.timer);
    if (!this.list.children.length) this.say("Looking…");
    const groups = await this.source.groups(typed);
    // A slower answer to an earlier question is no longer wanted.
    if (asked !== this.asked || !this.popup) return;
    this.behind = false;
    if (groups.note) return this.say(groups.note);
    this.options = groups.flatMap((group) => group.options);
    if (!this.options.length) return this.say("Nothing found.");
    this.list.replaceChildren(...groups.flatMap((group) => this.drawGroup(group)));
    const chosen = this.chips || typed ? -1 : this.options.findIndex((option) => this.isChosen(option));
    this.activate(Math.max(chosen, 0));
    return this.popup.place();
  }

  say(text) {
    this.options = [];
    this.list.replaceChildren(el("div", { role: "option", "aria-disabled": "true", "aria-selected": "false", class: "option-note" }, text));
    this.input.removeAttribute("aria-activedescendant");
  }

  drawGroup(group) {
    const nodes = group.options.map((option) => {
      const index = this.options.indexOf(option);
      const note = option.note || (option.description && plainText(option.description.text));
      return el("div", { role: "option", id: `${this.id}-${index}`, class: "option", "aria-selected": String(this.isChosen(option)), onclick: () => this.onChoose(option) },
        el("span", { dir: "auto" }, plainText(option.text.text)),
        note ? el("span", { class: "menu-note", dir: "auto" }, note) : null);
    });
    if (!group.label) return nodes;
    const label = bareText(group.label);
    return [el("div", { role: "group", "aria-label": label }, el("div", { class: "option-group", "aria-hidden": "true" }, label), nodes)];
  }

  activate(index) {
    this.active = index;
    this.list.querySelector(".active")?.classList.remove("active");
    const node = document.getElementById(`${this.id}-${index}`);
    node?.classList.add("active");
    node?.scrollIntoView({ block: "nearest" });
    if (node) this.input.setAttribute("aria-activedescendant", node.id);
  }

  /** Who types fast and presses Enter means what was typed, not what the list still shows. */
  async chooseActive() {
    if (this.behind) await this.search(this.input.value);
    if (this.popup && this.options[this.active]) this.onChoose(this.options[this.active]);
  }

  onKey(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (!this.popup) this.open();
      else if (this.options.length) this.activate((this.active + step + this.options.length) % this.options.length);
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (this.popup) this.chooseActive();
      else this.open();
    } else if (event.key === "Escape" && this.popup) {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    } else if (event.key === "Backspace" && !this.input.value) {
      this.onErase?.();
    }
  }
}
