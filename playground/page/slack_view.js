// A view: the blocks of a modal or of App Home, with what is filled in.

import { showBlocks } from "./slack_blocks.js";
import { complaint, holders, stateOf } from "./slack_state.js";
import { nameOf, Surface } from "./slack_surface.js";

export class ViewBody {
  /** Draws into `node`; answers outlive every update that keeps block and action ids. */
  constructor(pane, node) {
    this.pane = pane;
    this.node = node;
    this.view = null;
    this.errors = {};
  }

  show(view) {
    if (this.view?.id !== view.id) {
      this.node.replaceChildren();
      this.errors = {};
      this.surface = new Surface(this.pane, { type: "view", view_id: view.id }, view.state?.values);
      this.surface.onEntered = (block) => this.clearError(block);
    }
    this.view = view;
    this.surface.keepOnly(holders(view.blocks));
    this.draw();
  }

  draw() {
    showBlocks(this.node, this.view.blocks, this.surface, this.errors);
  }

  /** Go where the app wants the typing to begin, if it says so. */
  focusFirst() {
    const wanted = holders(this.view.blocks).find(([, element]) => element.focus_on_load);
    const name = wanted && nameOf(...wanted);
    if (name) [...this.node.querySelectorAll("[data-focus]")].find((one) => one.dataset.focus === name)?.focus();
  }

  /** Show errors under their fields and go to the first. */
  showErrors(errors) {
    this.errors = errors;
    this.draw();
    const first = this.node.querySelector(".faulty input, .faulty textarea");
    first?.focus();
  }

  clearError(block) {
    if (!this.errors[block.block_id]) return;
    // Only the words go: drawing the field anew would stop who types in it.
    delete this.errors[block.block_id];
    const faulty = document.activeElement?.closest(".faulty");
    faulty?.querySelector(".input-error")?.remove();
    faulty?.classList.remove("faulty");
    document.activeElement?.removeAttribute("aria-invalid");
  }

  /** What is wrong before the app is asked, by block id. */
  complaints() {
    const found = this.view.blocks.filter((block) => block.type === "input").map((block) => [block.block_id, complaint(block, this.surface.answer(block, block.element))]);
    return Object.fromEntries(found.filter(([, words]) => words));
  }

  /** Every answer, as a submission carries them. */
  values() {
    const values = {};
    for (const [block, element] of holders(this.view.blocks)) {
      (values[block.block_id] ||= {})[element.action_id] = stateOf(element, this.surface.answer(block, element));
    }
    return values;
  }
}
