// Small dialogs inside a pane: menus, choices, alerts. Esc closes them, focus goes back.

import { el } from "./dom.js";

/** Show a sheet with a heading and content; returns how to close it. `onClose` hears of it. */
export function openSheet(pane, heading, content, { alert = false, onClose } = {}) {
  const opener = document.activeElement;
  const title = el("h3", { id: `sheet-${Math.random().toString(36).slice(2)}`, tabindex: "-1" }, heading);
  const sheet = el("dialog", { class: alert ? "sheet alert" : "sheet", "aria-labelledby": title.id, role: alert ? "alertdialog" : "dialog" }, title, content);
  const shade = el("div", { class: "shade" });
  pane.append(shade, sheet);
  sheet.show();
  const close = () => {
    shade.remove();
    sheet.remove();
    if (opener?.isConnected) opener.focus();
    onClose?.();
  };
  shade.addEventListener("click", close);
  sheet.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      close();
    } else if (event.key === "Tab") {
      keepInside(sheet, event);
    }
  });
  (sheet.querySelector("button, input, select, a[href]") || title).focus();
  return close;
}

function keepInside(sheet, event) {
  const stops = [...sheet.querySelectorAll("button, input, select, a[href]")].filter((one) => !one.disabled);
  const [first, last] = [stops[0], stops.at(-1)];
  if (event.shiftKey && document.activeElement === first) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && document.activeElement === last) {
    event.preventDefault();
    first.focus();
  }
}

/** A sheet of choices, each [label, note, action]; choosing closes it. */
export function openChoices(pane, heading, choices) {
  let close = () => {};
  const list = el(
    "ul",
    { class: "choices" },
    choices.map(([label, note, action, danger]) =>
      el("li", {},
        el("button", { type: "button", class: danger ? "choice danger" : "choice", onclick: () => { close(); action(); } },
          el("span", { dir: "auto" }, label),
          note ? el("span", { class: "choice-note" }, note) : null,
        ),
      ),
    ),
  );
  close = openSheet(pane, heading, el("div", {}, list, cancel(() => close(), "Close")));
}

/** An alert as a bot sends it. */
export function openAlert(pane, heading, text) {
  let close = () => {};
  const content = el("div", {}, el("p", { dir: "auto" }, text), cancel(() => close(), "OK"));
  close = openSheet(pane, heading, content, { alert: true });
}

/** Ask for one line of text. */
export function openQuestion(pane, heading, label, done) {
  let close = () => {};
  const input = el("input", { type: "text", "aria-label": label, placeholder: label, autocomplete: "off" });
  const form = el("form", { class: "question" }, input, el("button", { type: "submit", class: "solid" }, "Open"));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    close();
    done(input.value);
  });
  close = openSheet(pane, heading, el("div", {}, form, cancel(() => close(), "Close")));
}

function cancel(close, label) {
  return el("button", { type: "button", class: "plain wide", onclick: close }, label);
}
