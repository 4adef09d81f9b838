// The stack of modals in a pane; the top one is seen.

import { el, icon } from "./dom.js";
import { plainText } from "./slack_mrkdwn.js";
import { ViewBody } from "./slack_view.js";

export class ModalStack {
  constructor(pane) {
    this.pane = pane;
    this.bodies = new Map();
    this.node = el("div", { class: "modal-layer", hidden: true });
    this.opener = null;
  }

  /** Show what Slack holds open, bottom first. */
  show(views) {
    const top = views.at(-1);
    const ids = new Set(views.map((view) => view.id));
    [...this.bodies.keys()].forEach((id) => ids.has(id) || this.bodies.delete(id));
    if (!top) return this.hide();
    if (this.node.hidden) this.opener = document.activeElement;
    this.node.hidden = false;
    if (this.top?.id === top.id && this.depth === views.length) return this.update(top);
    this.top = top;
    this.depth = views.length;
    return this.open(top);
  }

  open(view) {
    const main = el("div", { class: "modal-body", tabindex: "-1" });
    const body = this.bodies.get(view.id) || new ViewBody(this.pane, main);
    this.bodies.set(view.id, body);
    this.title = el("h2", { id: `modal-title-${this.pane.index}`, tabindex: "-1", dir: "auto" });
    this.foot = el("footer", { class: "modal-foot" });
    this.form = el("form", { class: "modal-form", novalidate: true },
      el("header", { class: "modal-head" }, this.title,
        el("button", { type: "button", class: "icon-button", "aria-label": "Close", title: "Close", onclick: () => this.close(true) }, icon("close"))),
      body.node, this.foot,
    );
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.submit();
    });
    this.dialog = el("dialog", { class: "modal", "aria-labelledby": this.title.id });
    this.dialog.append(this.form);
    this.dialog.addEventListener("keydown", (event) => this.onKey(event));
    this.node.replaceChildren(this.dialog);
    this.dialog.show();
    this.title.focus();
    this.update(view);
  }

  update(view) {
    this.top = view;
    const close = plainText(view.close?.text || (this.depth > 1 ? "Back" : "Cancel"));
    this.title.textContent = plainText(view.title.text);
    const labels = JSON.stringify([view.submit, view.close, this.depth, view.blocks.some((block) => block.type === "input")]);
    if (labels !== this.foot.dataset.labels) {
      this.foot.dataset.labels = labels;
      this.submitButton = view.submit ? el("button", { type: "submit", class: "block-button button-primary" }, plainText(view.submit.text)) : null;
      this.foot.replaceChildren(...[el("button", { type: "button", class: "block-button", onclick: () => this.close(false) }, close), this.submitButton].filter(Boolean));
    }
    // Answers that came back are no news; anything else ends the waiting.
    const shown = JSON.stringify({ ...view, state: null });
    if (shown !== this.shown) this.setSubmitting(false);
    this.shown = shown;
    this.body.show(view);
    if (document.activeElement === this.title) this.body.focusFirst();
    const errors = JSON.stringify(view.errors || {});
    // Errors that were shown already may have been mended since.
    if (errors !== this.errors && errors !== "{}") this.body.showErrors({ ...view.errors });
    this.errors = errors;
  }

  get body() {
    return this.bodies.get(this.top.id);
  }

  hide() {
    if (this.node.hidden) return;
    this.node.hidden = true;
    this.node.replaceChildren();
    this.top = null;
    if (this.opener?.isConnected && this.opener !== document.body) this.opener.focus();
    else this.pane.focus();
    this.opener = null;
  }

  setSubmitting(on) {
    this.submitting = on;
    if (!this.submitButton) return;
    this.submitButton.textContent = on ? "Submitting…" : plainText(this.top.submit.text);
    this.submitButton.setAttribute("aria-disabled", String(on));
  }

  async submit() {
    if (this.submitting || !this.submitButton) return;
    const complaints = this.body.complaints();
    if (Object.keys(complaints).length) return this.body.showErrors(complaints);
    const { top, body } = this;
    this.setSubmitting(true);
    const answer = await this.pane.post(`/views/${top.id}/submission`, { values: body.values() });
    if (this.top?.id !== top.id) return;
    this.setSubmitting(false);
    if (!answer || answer.ok === false || answer.ack?.error) return this.pane.trouble("", answer?.ack?.error);
    if (answer.errors && Object.keys(answer.errors).length) {
      this.errors = JSON.stringify(answer.errors);
      return body.showErrors(answer.errors);
    }
    if (answer.views) this.show(answer.views);
  }

  close(clear) {
    return this.pane.post(`/views/${this.top.id}/close`, { clear });
  }

  onKey(event) {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close(false);
    } else if (event.key === "Tab") {
      const stops = [...this.dialog.querySelectorAll("button, input, select, textarea, a[href]")].filter((one) => !one.disabled && one.checkVisibility());
      const [first, last] = [stops[0], stops.at(-1)];
      const out = event.shiftKey ? [first, this.title].includes(document.activeElement) : document.activeElement === last;
      if (!out) return;
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }
  }
}
