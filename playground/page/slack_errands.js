// What a Slack pane asks of the playground and tells its person: calls, waiting, short words.

import { call } from "./api.js";
import { el } from "./dom.js";
import { openSheet } from "./sheets.js";
import { plainText, textObject } from "./slack_mrkdwn.js";
import { userPath } from "./slack_world.js";

const TOAST_MS = 4500;
const WAIT_MS = 4000;

/** The errands of a pane, which has `key`, `world`, `context`, `node` and `toasts`. */
export class Errands {
  waiting = new Set();

  get(path) {
    return this.ask("GET", path);
  }

  post(path, body) {
    return this.ask("POST", path, body);
  }

  ask(method, path, body) {
    return this.request(method, userPath(this.key) + path, body);
  }

  async request(method, path, body) {
    try {
      return await call(method, path, body);
    } catch (error) {
      this.toast(error.message);
      this.settle();
      return null;
    }
  }

  /** Send something the app must acknowledge, and say when it did not. */
  async deliver(path, body, what = "") {
    const answer = await this.post(path, body);
    if (answer?.ok === false) this.trouble(what, answer.ack?.error);
    else setTimeout(() => this.settle(), WAIT_MS);
    return answer;
  }

  /** The app did not take what was sent; `error` is Slack's word for it. */
  trouble(what = "", error = "") {
    this.settle();
    this.toast(`${what ? `${what}: ` : ""}${this.world.app.name} did not answer${error ? ` (${error})` : ""}. Try again.`);
  }

  /** Show that something waits for the app, until anything changes. */
  wait(node) {
    node.setAttribute("aria-busy", "true");
    this.waiting.add(node);
  }

  settle() {
    this.waiting.forEach((node) => node.removeAttribute("aria-busy"));
    this.waiting.clear();
  }

  /** Ask before an action that wants it; true when the person goes on. */
  confirm({ title, text, confirm, deny, style }) {
    return new Promise((resolve) => {
      const answer = (said) => {
        resolve(said);
        close();
      };
      const content = el("div", {},
        el("p", { class: "mrkdwn" }, textObject(text, this.context)),
        el("div", { class: "confirm-buttons" },
          el("button", { type: "button", class: "block-button", onclick: () => answer(false) }, plainText(deny?.text || "Cancel")),
          el("button", { type: "button", class: `block-button button-${style || "primary"}`, onclick: () => answer(true) }, plainText(confirm?.text || "Yes")),
        ));
      const close = openSheet(this.node, plainText(title?.text || "Are you sure?"), content, { alert: true, onClose: () => resolve(false) });
    });
  }

  /** Files of this playground by a path of its own, whatever name it is reached by. */
  localUrl(url) {
    const at = new URL(url || "", location.href);
    return at.pathname.startsWith("/slack/") ? at.pathname + at.search : at.href;
  }

  async copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this.toast("Copied.");
    } catch {
      this.toast(`Could not copy. The text is: ${text}`);
    }
  }

  toast(text) {
    const toast = el("p", { class: "toast", dir: "auto" }, text);
    this.toasts.append(toast);
    setTimeout(() => toast.remove(), TOAST_MS);
  }
}

/** Run again when asked meanwhile, never twice at once: the newest answer is drawn last. */
export function inTurn(work) {
  let running = null;
  let again = false;
  return function ask() {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await work();
      } while (again);
    })().finally(() => (running = null));
    return running;
  };
}
