// Block Kit's layout blocks. What can be pressed or filled in stands in slack_elements.js.

import { el, unseen } from "./dom.js";
import { moveFocus, patch } from "./patch.js";
import { drawElement } from "./slack_elements.js";
import { bareText, textObject } from "./slack_mrkdwn.js";

/** Make `parent` show these blocks; blocks that did not change keep their elements. */
export function showBlocks(parent, blocks, surface, errors = {}) {
  patch(parent, blocks.map((block, index) => ({ block, index: block.block_id ? 0 : index, error: errors[block.block_id] })), {
    key: ({ block, index }) => `${block.type} ${block.block_id || index}`,
    draw: ({ block, error }) => drawBlock(block, surface, error),
    onReplaced: moveFocus,
  });
}

const BLOCKS = { section, header, divider, context, actions, input, image, markdown, rich_text: richText };

function drawBlock(block, surface, error) {
  const draw = BLOCKS[block.type];
  const node = draw ? draw(block, surface, error) : el("p", { class: "block-unknown" }, `A block of type “${block.type}”, which this playground does not draw.`);
  node.classList.add("block", `block-${block.type}`);
  return node;
}

function section(block, surface) {
  const fields = (block.fields || []).map((field) => el("div", { class: "field mrkdwn", dir: "auto" }, textObject(field, surface.context)));
  const label = bareText(block.text || block.fields?.[0], surface.context);
  const accessory = block.accessory && drawElement(block.accessory, block, surface, { label });
  return el("div", { class: block.accessory?.type === "image" ? "with-image" : "" },
    el("div", { class: "section-text" },
      block.text ? el("div", { class: "mrkdwn", dir: "auto" }, textObject(block.text, surface.context)) : null,
      fields.length ? el("div", { class: "fields" }, fields) : null,
    ),
    accessory ? el("div", { class: "accessory" }, accessory) : null,
  );
}

function header(block, surface) {
  return el("h3", { dir: "auto" }, textObject(block.text, surface.context));
}

function divider() {
  return el("hr");
}

function context(block, surface) {
  return el("div", {}, block.elements.map((element) =>
    element.type === "image" ? drawElement(element, block, surface) : el("span", { class: "mrkdwn", dir: "auto" }, textObject(element, surface.context)),
  ));
}

function actions(block, surface) {
  return el("div", {}, block.elements.map((element) => drawElement(element, block, surface)));
}

function input(block, surface, error) {
  const { element } = block;
  const id = `input-${surface.pane.index}-${surface.container.view_id || surface.container.ts}-${block.block_id}`.replace(/[^\w-]/g, "_");
  const hint = block.hint ? el("p", { class: "input-hint", id: `${id}-hint` }, textObject(block.hint, surface.context)) : null;
  const fault = error ? el("p", { class: "input-error", id: `${id}-error`, role: "alert" }, error) : null;
  const describedBy = [fault && fault.id, hint && hint.id].filter(Boolean).join(" ") || null;
  const grouped = ["radio_buttons", "checkboxes"].includes(element.type);
  const label = [textObject(block.label, surface.context), block.optional ? el("span", { class: "optional" }, " (optional)") : null];
  const control = drawElement(element, block, surface, { id, describedBy, invalid: Boolean(error), input: true, required: !block.optional, label: bareText(block.label, surface.context) });
  return grouped
    ? el("fieldset", { "aria-describedby": describedBy, class: error ? "faulty" : "" }, el("legend", {}, label), control, fault, hint)
    : el("div", { class: error ? "faulty" : "" }, el("label", { for: id }, label), control, fault, hint);
}

function image(block, surface) {
  return el("figure", {},
    block.title ? el("figcaption", {}, textObject(block.title, surface.context)) : null,
    drawElement({ ...block, type: "image" }, block, surface),
  );
}

/** Enough of Markdown to read it: the markdown block is for texts of machines. */
function markdown(block, surface) {
  const text = block.text.replace(/\*\*(.+?)\*\*/g, "*$1*").replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, "<$2|$1>").replace(/^#+ (.*)$/gm, "*$1*").replace(/^[-*] /gm, "• ");
  return el("div", { class: "mrkdwn", dir: "auto" }, textObject({ type: "mrkdwn", text }, surface.context));
}

/** What people type arrives so; the words, without the finer layout. */
function richText(block) {
  const words = (part) => part.text || part.url || (part.name && `:${part.name}:`) || (part.elements || []).map(words).join("");
  return el("div", { class: "mrkdwn", dir: "auto" }, words(block) || unseen("empty"));
}
