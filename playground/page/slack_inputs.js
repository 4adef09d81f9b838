// Fields for words and numbers.

import { el } from "./dom.js";

const KINDS = { number_input: "text", email_text_input: "email", url_text_input: "url" };

/** A text field that tells the app at Enter or at each letter, where it wants to know. */
export function textField(element, block, surface, how, field) {
  const common = {
    class: "field-input",
    placeholder: field.placeholder(null),
    maxlength: element.max_length,
    autocomplete: "off",
    dir: "auto",
    ...field.attributes("Text"),
  };
  const node = element.multiline
    ? el("textarea", { ...common, rows: "4" })
    : el("input", { ...common, type: KINDS[element.type] || "text", inputmode: element.type === "number_input" ? "decimal" : null });
  node.value = field.answer ?? "";
  const when = element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  const answer = () => node.value || null;
  node.addEventListener("input", () => {
    if (field.tells && when.includes("on_character_entered")) tellSoon();
    field.enter(answer());
  });
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || element.multiline) return;
    if (!field.tells || !when.includes("on_enter_pressed")) return;
    event.preventDefault();
    field.settle(node, answer());
  });
  let timer = 0;
  function tellSoon() {
    clearTimeout(timer);
    timer = setTimeout(() => field.settle(node, answer()), 250);
  }
  return node;
}
