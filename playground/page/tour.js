// The tour: a few things to try, ticked off by hand.

import { el, iconButton } from "./dom.js";
import { botLink } from "./text.js";

/** Fill the panel; `goTo(key)` brings a person's chat to the front and returns it. */
export function showTour(tour, world, goTo) {
  const panel = document.getElementById("tour");
  const toggle = document.getElementById("tour-toggle");
  if (!tour) return;
  const setOpen = (open) => {
    panel.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
  };
  const steps = tour.steps.map((step, index) => stepItem(step, index, world, goTo));
  panel.replaceChildren(
    el("div", { class: "tour-head" },
      el("h2", { id: "tour-title" }, tour.title),
      iconButton("close", "Hide the tour", () => { setOpen(false); toggle.focus(); }),
    ),
    el("ol", { class: "steps" }, steps),
  );
  toggle.hidden = false;
  toggle.addEventListener("click", () => setOpen(panel.hidden));
  setOpen(window.matchMedia("(min-width: 1000px)").matches);
}

function stepItem(step, index, world, goTo) {
  const id = `step-${index}`;
  const user = step.user && world.user(step.user);
  const who = user
    ? el("button", { type: "button", class: "step-who", data: { tint: world.users.indexOf(user) % 6 }, onclick: () => goTo(user.key) }, user.first_name)
    : null;
  return el("li", { class: "step" },
    el("input", { type: "checkbox", id }),
    el("div", {}, who, el("label", { for: id }, step.text), stepActions(step, goTo)),
  );
}

/** Buttons that do the step's link or line in the person's own chat. */
function stepActions(step, goTo) {
  const opened = step.link && botLink(step.link);
  const actions = [];
  if (opened) actions.push(["Open the link", (pane) => pane.openBot(opened)]);
  if (step.say) actions.push([step.say, (pane) => pane.act("messages", { text: step.say })]);
  return actions.map(([label, run]) =>
    el("button", { type: "button", class: "step-do", onclick: () => run(goTo(step.user)) }, label),
  );
}
