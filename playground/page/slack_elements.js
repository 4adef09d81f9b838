// Block Kit's elements: what can be pressed, picked and filled in.

import { el, icon } from "./dom.js";
import { openMenu } from "./popup.js";
import { choice, choices } from "./slack_choices.js";
import { secondsAt, wallTime } from "./slack_dates.js";
import { textField } from "./slack_inputs.js";
import { bareText, plainText, textObject } from "./slack_mrkdwn.js";
import { nameOf } from "./slack_surface.js";
import { fieldOf } from "./slack_state.js";

const ELEMENTS = {
  button, workflow_button: button, overflow, image,
  static_select: choice, external_select: choice, users_select: choice, conversations_select: choice, channels_select: choice,
  multi_static_select: choices, multi_external_select: choices, multi_users_select: choices, multi_conversations_select: choices, multi_channels_select: choices,
  datepicker: picker("date"), timepicker: picker("time"), datetimepicker: picker("datetime-local"),
  checkboxes: ticks("checkbox"), radio_buttons: ticks("radio"),
  plain_text_input: textField, number_input: textField, email_text_input: textField, url_text_input: textField,
};

/**
 * The node of an element. `how` may have the id its label points to, the ids that describe it,
 * whether it is wrong, required or in an input block (which only tells the app when asked to).
 */
export function drawElement(element, block, surface, how = {}) {
  const draw = ELEMENTS[element.type];
  if (!draw) return el("span", { class: "block-unknown" }, `An element of type “${element.type}”, which this playground does not draw.`);
  const field = fieldOf(element) && new Field(element, block, surface, how);
  return draw(element, block, surface, how, field);
}

/** One element that holds an answer: what it is, and what happens when it changes. */
class Field {
  constructor(element, block, surface, how) {
    Object.assign(this, { element, block, surface, how });
    this.focusName = nameOf(block, element);
    this.tells = !how.input || block.dispatch_action === true;
  }

  get answer() {
    return this.surface.answer(this.block, this.element);
  }

  /** Attributes of whatever takes the keyboard. */
  attributes(otherwise) {
    const { how } = this;
    const label = bareText(this.element.placeholder, this.surface.context) || how.label || otherwise;
    return {
      id: how.id,
      "aria-label": how.id ? null : label,
      "aria-describedby": how.describedBy,
      "aria-invalid": how.invalid ? "true" : null,
      "aria-required": how.required && how.input ? "true" : null,
      data: { focus: this.focusName },
    };
  }

  placeholder(otherwise) {
    return bareText(this.element.placeholder, this.surface.context) || otherwise;
  }

  enter(answer) {
    this.surface.enter(this.block, this.element, answer);
  }

  /** Keep the answer and tell the app where it wants to know; false when the person backed out. */
  async settle(node, answer) {
    const before = this.answer;
    this.enter(answer);
    if (!this.tells) return true;
    const told = await this.surface.act(node, this.block, this.element, { [fieldOf(this.element)]: answer });
    if (!told) this.enter(before);
    return told;
  }
}

function button(element, block, surface) {
  const { style, url } = element;
  const look = {
    class: `block-button ${style ? `button-${style}` : ""}`,
    "aria-label": element.accessibility_label || null,
    data: { focus: nameOf(block, element) },
  };
  const given = element.value === undefined ? {} : { value: element.value };
  const label = el("span", { class: "button-label", dir: "auto" }, plainText(element.text.text));
  const spinner = el("span", { class: "spinner", "aria-hidden": "true" });
  if (url && /^https?:/i.test(url)) {
    const tell = () => surface.act(null, block, element, given);
    return el("a", { ...look, href: url, target: "_blank", rel: "noopener noreferrer", onclick: tell }, label, icon("out"));
  }
  const onclick = (event) => {
    if (event.currentTarget.getAttribute("aria-busy") !== "true") surface.act(event.currentTarget, block, element, given);
  };
  return el("button", { type: "button", ...look, onclick }, label, spinner);
}

function overflow(element, block, surface) {
  const node = el("button", {
    type: "button", class: "block-button overflow", "aria-haspopup": "menu", "aria-expanded": "false", "aria-label": element.accessibility_label || "More actions", title: "More actions",
    data: { focus: nameOf(block, element) },
    onclick: () => openMenu(node, "More actions", element.options.map((option) => [
      plainText(option.text.text),
      option.description && plainText(option.description.text),
      () => {
        if (option.url && /^https?:/i.test(option.url)) el("a", { href: option.url, target: "_blank", rel: "noopener noreferrer" }).click();
        surface.act(node, block, element, { selected_option: option });
      },
    ])),
  }, icon("more"), el("span", { class: "spinner", "aria-hidden": "true" }));
  return node;
}

function image(element, block, surface) {
  const source = element.image_url || element.slack_file?.url || `/slack/files/${encodeURIComponent(element.slack_file?.id)}/image`;
  return el("img", { class: "block-picture", src: surface.pane.localUrl(source), alt: element.alt_text || "", loading: "lazy" });
}

function picker(kind) {
  return (element, block, surface, how, field) => {
    const { user } = surface.context;
    const shown = (answer) => (kind === "datetime-local" && answer ? wallTime(user, Number(answer)) : answer || "");
    const read = (text) => (text ? (kind === "datetime-local" ? secondsAt(user, text) : text) : null);
    const node = el("input", { type: kind, class: "field-input picker", ...field.attributes({ date: "Date", time: "Time" }[kind] || "Date and time") });
    node.value = shown(field.answer);
    node.addEventListener("input", () => read(node.value) !== null && field.enter(read(node.value)));
    // Told when it is chosen, not at each digit on the way.
    let told = field.answer;
    const settle = async () => {
      const answer = read(node.value);
      if (answer === told) return;
      told = answer;
      if (!(await field.settle(node, answer))) node.value = shown((told = field.answer));
    };
    let typing = false;
    node.addEventListener("keydown", (event) => {
      typing = /^\d$|^Arrow/.test(event.key);
      if (event.key === "Enter" && field.tells) settle();
    });
    node.addEventListener("change", () => typing || settle());
    node.addEventListener("blur", () => ((typing = false), settle()));
    return node;
  };
}

function ticks(kind) {
  return (element, block, surface, how, field) => {
    const name = `${kind}-${surface.pane.index}-${surface.container.view_id || surface.container.ts}-${field.focusName}`;
    const chosen = () => (kind === "radio" ? [field.answer] : field.answer).filter(Boolean).map((option) => option.value);
    const start = chosen();
    const group = el("div", { class: "ticks", role: how.input ? null : "group", "aria-label": how.input ? null : how.label || "Choices" });
    const boxes = element.options.map((option) => {
      const box = el("input", { type: kind, name, data: { focus: `${field.focusName} ${option.value}` } });
      box.checked = start.includes(option.value);
      return box;
    });
    boxes.forEach((box) => box.addEventListener("change", async () => {
      const options = element.options.filter((_, index) => boxes[index].checked);
      const told = await field.settle(group, kind === "radio" ? options[0] : options);
      if (!told) boxes.forEach((one, index) => (one.checked = chosen().includes(element.options[index].value)));
    }));
    group.append(...element.options.map((option, index) =>
      el("label", { class: "tick" }, boxes[index],
        el("span", {}, el("span", { dir: "auto" }, textObject(option.text, surface.context)),
          option.description ? el("span", { class: "tick-note", dir: "auto" }, textObject(option.description, surface.context)) : null),
      ),
    ));
    return group;
  };
}
