// The tour: a few things to try, ticked off by hand.

import { el, iconButton } from "./dom.js";
import { botLink } from "./text.js";

/** Fill the panel; `stage` knows the people of both chats and brings theirs to the front. */
export function showTour(tour, stage) {
  const panel = document.getElementById("tour");
  const toggle = document.getElementById("tour-toggle");
  if (!tour) return;
  const setOpen = (open) => {
    panel.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
  };
  const steps = tour.steps.map((step, index) => stepItem(step, index, stage));
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

function stepItem(step, index, stage) {
  const id = `step-${index}`;
  return el("li", { class: "step" },
    el("input", { type: "checkbox", id }),
    el("div", {}, who(step, stage), el("label", { for: id }, step.text), stepActions(step, stage)),
  );
}

/** The name of who does it, which brings their chat to the front. */
function who(step, { telegram, slack, goTo, goToSlack }) {
  const user = step.user && telegram.user(step.user);
  const member = step.slack_user && slack.users?.find((one) => one.key === step.slack_user);
  const name = (text, tint, look, onclick) => el("button", { type: "button", class: `step-who ${look}`, data: { tint: tint % 6 }, onclick }, text);
  if (user) return name(user.first_name, telegram.users.indexOf(user), "", () => goTo(user.key));
  if (!member) return null;
  return name(`${member.name.split(" ")[0]} in Slack`, slack.tint(member.key), "in-slack", () => goToSlack(member.key, step.channel).then((pane) => pane.focus()));
}

/** Buttons that do the step's link or line in the person's own chat. */
function stepActions(step, { slack, goTo, goToSlack }) {
  const opened = step.link && botLink(step.link);
  const actions = [];
  if (opened) actions.push(["Open the link", () => goTo(step.user).openBot(opened)]);
  if (step.say) actions.push([step.say, () => goTo(step.user).act("messages", { text: step.say })]);
  if (step.command && slack.users) actions.push([step.command, async () => (await goToSlack(step.slack_user, step.channel)).say(step.command)]);
  return actions.map(([label, run]) =>
    el("button", { type: "button", class: "step-do", onclick: run }, label),
  );
}
