// What an element of Block Kit holds, in the form in which Slack sends it to the app.

// Type: [the field of its state, the field that sets it at first, what it is when empty].
const FIELDS = {
  plain_text_input: ["value", "initial_value", null],
  number_input: ["value", "initial_value", null],
  email_text_input: ["value", "initial_value", null],
  url_text_input: ["value", "initial_value", null],
  static_select: ["selected_option", "initial_option", null],
  external_select: ["selected_option", "initial_option", null],
  users_select: ["selected_user", "initial_user", null],
  conversations_select: ["selected_conversation", "initial_conversation", null],
  channels_select: ["selected_channel", "initial_channel", null],
  multi_static_select: ["selected_options", "initial_options", []],
  multi_external_select: ["selected_options", "initial_options", []],
  multi_users_select: ["selected_users", "initial_users", []],
  multi_conversations_select: ["selected_conversations", "initial_conversations", []],
  multi_channels_select: ["selected_channels", "initial_channels", []],
  checkboxes: ["selected_options", "initial_options", []],
  radio_buttons: ["selected_option", "initial_option", null],
  datepicker: ["selected_date", "initial_date", null],
  timepicker: ["selected_time", "initial_time", null],
  datetimepicker: ["selected_date_time", "initial_date_time", null],
};

/** The name of the field an element's answer stands in; undefined where it holds nothing. */
export function fieldOf(element) {
  return FIELDS[element?.type]?.[0];
}

export function firstAnswer(element) {
  const [, initial, empty] = FIELDS[element.type];
  return element[initial] ?? empty;
}

export function stateOf(element, answer) {
  return { type: element.type, [fieldOf(element)]: answer };
}

export function isEmpty(answer) {
  return answer === null || answer === undefined || answer === "" || (Array.isArray(answer) && !answer.length);
}

/** Every element of these blocks that holds an answer, as [block, element]. */
export function holders(blocks) {
  const found = [];
  for (const block of blocks) {
    for (const element of [block.element, block.accessory, ...(block.type === "actions" ? block.elements : [])]) {
      if (fieldOf(element)) found.push([block, element]);
    }
  }
  return found;
}

/** What Slack itself says of an answer before the app is asked; "" when it is fine. */
export function complaint(block, answer) {
  const { element } = block;
  if (isEmpty(answer)) return block.optional ? "" : "Please complete this required field.";
  if (element.type === "number_input") return numberComplaint(element, answer);
  if (element.type === "email_text_input" && !/^\S+@\S+\.\S+$/.test(answer)) return "Enter a valid email address.";
  if (element.type === "url_text_input" && !/^https?:\/\/\S+$/.test(answer)) return "Enter a valid URL.";
  if (typeof answer !== "string") return "";
  const { min_length: least, max_length: most } = element;
  if (least && answer.length < least) return `Enter at least ${least} characters.`;
  return most && answer.length > most ? `Enter at most ${most} characters.` : "";
}

function numberComplaint(element, answer) {
  const number = Number(answer);
  const { min_value: least, max_value: most } = element;
  if (!Number.isFinite(number)) return "Enter a number.";
  if (!element.is_decimal_allowed && !Number.isInteger(number)) return "Enter a whole number.";
  if (least !== undefined && number < Number(least)) return `Enter ${least} or more.`;
  return most !== undefined && number > Number(most) ? `Enter ${most} or less.` : "";
}
