// Keeps a list of elements in step with a list of things, touching only what changed.

const drawn = new WeakMap();

/**
 * Make the children of `parent` show `items`. An item whose text (as JSON) and key are as before
 * keeps its element, and with it focus, caret and what is typed. `draw(item, old)` makes the new
 * ones, or changes the old in place and returns it; `onReplaced(fresh, old)` hears of each element that took another's place.
 */
export function patch(parent, items, { key, draw, onReplaced }) {
  const held = parent.contains(document.activeElement);
  const old = new Map([...parent.children].map((node) => [drawn.get(node)?.key, node]));
  const replaced = [];
  const wanted = items.map((item) => {
    const name = key(item);
    const text = JSON.stringify(item);
    const before = old.get(name);
    if (before && drawn.get(before)?.text === text) return before;
    const fresh = draw(item, before);
    drawn.set(fresh, { key: name, text });
    if (before && before !== fresh) replaced.push([fresh, before]);
    return fresh;
  });
  // What takes another's place stands beside it for a moment, so that focus can move over.
  replaced.forEach(([fresh, before]) => before.after(fresh));
  replaced.forEach(([fresh, before]) => onReplaced?.(fresh, before));
  const kept = new Set(wanted);
  [...parent.children].forEach((node) => kept.has(node) || node.remove());
  // Nodes already in place are not moved: moving one takes the focus from it.
  let here = parent.firstChild;
  wanted.forEach((node) => {
    if (node === here) here = here.nextSibling;
    else parent.insertBefore(node, here);
  });
  // What had the focus is gone for good: stay near, rather than at the top of the page.
  if (held && !parent.contains(document.activeElement)) parent.closest("[tabindex]")?.focus({ preventScroll: true });
}

/** Let the element that stands for the focused one in `fresh` take over focus and caret. */
export function moveFocus(fresh, before) {
  const focused = document.activeElement;
  if (!before.contains(focused)) return;
  const name = focused.dataset?.focus;
  const same = name && [...fresh.querySelectorAll("[data-focus]")].find((one) => one.dataset.focus === name);
  const next = same || (fresh.matches("[tabindex]") ? fresh : fresh.querySelector("[tabindex], button, input, select, textarea, a[href]"));
  const caret = same && typeof focused.selectionStart === "number" ? [focused.selectionStart, focused.selectionEnd] : null;
  next?.focus({ preventScroll: true });
  if (caret && typeof next.selectionStart === "number") next.setSelectionRange(...caret);
}
