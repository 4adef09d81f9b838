// Menus and lists that hang from a button or field, above everything else.

import { el } from "./dom.js";

const GAP = 4;
const EDGE = 8;

/** Show `node` under (or over) `anchor`; returns how to close it. `onClose` hears of it. */
export function openPopup(anchor, node, { onClose, matchWidth = false } = {}) {
  // Inside the same dialog or pane, so that what reads the page finds it beside its field.
  (anchor.closest("dialog, .pane") || document.body).append(node);
  node.setAttribute("popover", "manual");
  node.classList.add("popup");
  node.showPopover();
  place(anchor, node, matchWidth);
  const away = (event) => {
    if (!node.contains(event.target) && !anchor.contains(event.target)) close();
  };
  const moved = (event) => {
    if (!anchor.isConnected) close();
    else if (event.type === "resize" || !node.contains(event.target)) place(anchor, node, matchWidth);
  };
  let open = true;
  function close() {
    if (!open) return;
    open = false;
    document.removeEventListener("pointerdown", away, true);
    document.removeEventListener("scroll", moved, true);
    window.removeEventListener("resize", moved);
    node.remove();
    onClose?.();
  }
  document.addEventListener("pointerdown", away, true);
  document.addEventListener("scroll", moved, true);
  window.addEventListener("resize", moved);
  return { close, place: () => place(anchor, node, matchWidth) };
}

function place(anchor, node, matchWidth) {
  const at = anchor.getBoundingClientRect();
  if (matchWidth) node.style.minWidth = `${Math.min(Math.max(at.width, 200), innerWidth - 2 * EDGE)}px`;
  const { width, height } = node.getBoundingClientRect();
  const below = at.bottom + GAP + height <= innerHeight - EDGE || at.top < innerHeight - at.bottom;
  const room = below ? innerHeight - at.bottom - GAP - EDGE : at.top - GAP - EDGE;
  node.style.maxHeight = `${Math.max(80, Math.min(room, 320))}px`;
  const shown = Math.min(height, room, 320);
  node.style.top = `${below ? at.bottom + GAP : at.top - GAP - shown}px`;
  node.style.left = `${Math.max(EDGE, Math.min(at.left, innerWidth - width - EDGE))}px`;
}

/** A menu of [label, note, action]; arrow keys walk, Esc and Tab close, focus goes back. */
export function openMenu(anchor, label, entries) {
  const items = entries.map(([text, note, action]) =>
    el("button", { type: "button", role: "menuitem", tabindex: "-1", class: "menu-item", onclick: () => { back(); action(); } },
      el("span", { class: "menu-text", dir: "auto" }, text),
      note ? el("span", { class: "menu-note", dir: "auto" }, note) : null,
    ),
  );
  const menu = el("div", { role: "menu", "aria-label": label, class: "menu" }, items);
  const popup = openPopup(anchor, menu, { onClose: () => anchor.setAttribute("aria-expanded", "false") });
  anchor.setAttribute("aria-expanded", "true");
  function back() {
    popup.close();
    if (anchor.isConnected) anchor.focus();
  }
  menu.addEventListener("keydown", (event) => {
    const here = items.indexOf(document.activeElement);
    const next = { ArrowDown: here + 1, ArrowUp: here - 1, Home: 0, End: items.length - 1 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      items.at(next % items.length)?.focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      back();
    }
  });
  items[0]?.focus();
  return popup;
}
