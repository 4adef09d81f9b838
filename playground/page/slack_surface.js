// Where blocks stand (a message, a modal, App Home): remembers answers and tells the app.

import { fieldOf, firstAnswer, stateOf } from "./slack_state.js";

const TYPING_MS = 150;

export class Surface {
  /** `container` names the message or view to Slack; `values` are answers it knows of already. */
  constructor(pane, container, values = {}) {
    this.pane = pane;
    this.container = container;
    this.known = values;
    this.answers = new Map();
    this.unsent = new Map();
  }

  get context() {
    return this.pane.context;
  }

  /** The answer as it stands: what was entered, else what Slack kept, else how it begins. */
  answer(block, element) {
    const entered = this.answers.get(nameOf(block, element));
    if (entered?.type === element.type) return entered[fieldOf(element)];
    const kept = this.known[block.block_id]?.[element.action_id];
    if (kept?.type === element.type && fieldOf(element) in kept) return kept[fieldOf(element)];
    return firstAnswer(element);
  }

  /** Keep an answer; views tell Slack, since their presses carry all answers. */
  enter(block, element, answer) {
    const state = stateOf(element, answer);
    this.answers.set(nameOf(block, element), state);
    this.onEntered?.(block);
    if (this.container.type !== "view") return;
    this.unsent.set(nameOf(block, element), { block_id: block.block_id, action_id: element.action_id, [fieldOf(element)]: answer });
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), TYPING_MS);
  }

  /** Forget answers of elements that are gone, as Slack does: come back, they begin anew. */
  keepOnly(pairs) {
    const names = new Set(pairs.map(([block, element]) => nameOf(block, element)));
    [...this.answers.keys()].forEach((name) => names.has(name) || this.answers.delete(name));
    [...this.unsent.keys()].forEach((name) => names.has(name) || this.unsent.delete(name));
  }

  async flush() {
    clearTimeout(this.timer);
    const entries = [...this.unsent.values()];
    this.unsent.clear();
    await Promise.all(entries.map((entry) => this.pane.post(`/views/${this.container.view_id}/state`, entry)));
  }

  /** Tell the app of a press or a choice; `node`, if any, shows that it waits. */
  async act(node, block, element, given) {
    if (element.confirm && !(await this.pane.confirm(element.confirm))) return false;
    if (node) this.pane.wait(node);
    await this.flush();
    const body = { container: this.container, block_id: block.block_id, action_id: element.action_id, ...given };
    if (this.container.type === "message" && this.answers.size) body.state = { values: this.values() };
    await this.pane.deliver("/actions", body);
    return true;
  }

  async options(block, element, value) {
    return this.pane.post("/options", { container: this.container, block_id: block.block_id, action_id: element.action_id, value });
  }

  values() {
    const values = {};
    for (const [name, state] of this.answers) {
      const [block, action] = JSON.parse(name);
      (values[block] ||= {})[action] = state;
    }
    return values;
  }
}

export function nameOf(block, element) {
  return JSON.stringify([block.block_id, element.action_id]);
}
