// Elements are made here and only here: texts become text nodes, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** An element with properties, attributes and children; strings become text nodes. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === "class") node.className = value;
    else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(node.dataset, value);
    else if (value === true) node.setAttribute(name, "");
    else node.setAttribute(name, value);
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined));
  return node;
}

const ICONS = {
  send: "M3.4 20.4 21 12 3.400 3.600 3.400 10.100 15 12 3.400 13.900z",
  clip: "M16.500 6.500v9.700a4.500 4.500 0 0 1-9 0V6a3 3 0 0 1 6 0v9.500a1.500 1.500 0 0 1-3 0V7h-1.600v8.500a3.100 3.100 0 0 0 6.200 0V6a4.600 4.600 0 0 0-9.200 0v10.200a6.100 6.100 0 0 0 12.200 0V6.500z",
  more: "M12 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4m0 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4m0 7a2 2 0 1 0 0-4 2 2 0 0 0 0 4",
  grid: "M4 5h4.500v4.500H4zm5.800 0h4.400v4.500H9.800zm5.700 0H20v4.500h-4.500zM4 10.800h4.500v4.400H4zm5.800 0h4.400v4.400H9.800zm5.700 0H20v4.400h-4.500zM6 16.500h12V19H6z",
  file: "M7 2h7l5 5v13a2 2 0 0 1-2 2H7a2 2 0 0 1-2-2V4a2 2 0 0 1 2-2m6.500 1.500V8H18z",
  pin: "M12 2a7 7 0 0 0-7 7c0 5 7 13 7 13s7-8 7-13a7 7 0 0 0-7-7m0 9.500A2.500 2.500 0 1 1 12 6.500a2.500 2.500 0 0 1 0 5",
  person: "M12 12a4.500 4.500 0 1 0 0-9 4.500 4.500 0 0 0 0 9m0 2c-4 0-8 2-8 5v2h16v-2c0-3-4-5-8-5",
  quiet: "m3.300 2 18.700 18.700-1.300 1.300-3-3H5v-1.500l1.500-1.500v-5c0-1 .2-1.900.6-2.700L2 3.300zM12 22a2 2 0 0 0 2-2h-4a2 2 0 0 0 2 2m5.500-8.600L8.800 4.700c.7-.5 1.400-.8 2.200-1V3a1 1 0 0 1 2 0v.7c2.600.5 4.500 2.700 4.500 5.600z",
  out: "M14 4h6v6h-2V7.400l-8.300 8.300-1.400-1.400L16.600 6H14zM5 6h6v2H7v9h9v-4h2v6H5z",
  copy: "M8 3h11a1 1 0 0 1 1 1v12h-2V5H8zM5 7h9a1 1 0 0 1 1 1v12a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V8a1 1 0 0 1 1-1m1 2v10h7V9z",
  down: "M12 16.500 5 9.500l1.400-1.400L12 13.700l5.600-5.600L19 9.500z",
  plus: "M11 5h2v6h6v2h-6v6h-2v-6H5v-2h6z",
  back: "M20 11v2H8l5.500 5.500-1.400 1.400L4.200 12l7.900-7.900 1.400 1.400L8 11z",
  thread: "M4 4h16a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H9l-5 4v-4a1 1 0 0 1-1-1V5a1 1 0 0 1 1-1m1 2v9h14V6z",
  home: "M12 3.500 21 11l-1.300 1.500L19 12v8h-5.500v-5h-3v5H5v-8l-.7.500L3 11z",
  chat: "M4 4h16a1 1 0 0 1 1 1v11a1 1 0 0 1-1 1H9l-5 4z",
  hash: "M9 3h2l-.7 5h4L15 3h2l-.7 5H20v2h-4l-.5 4H19v2h-3.800L14.500 21h-2l.7-5h-4L8.500 21h-2l.7-5H4v-2h3.500l.5-4H5V8h3.300zm1 7-.5 4h4l.5-4z",
  lock: "M7 10V7.500a5 5 0 0 1 10 0V10h1a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H6a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1zm2 0h6V7.500a3 3 0 0 0-6 0z",
  close: "m6.400 5 5.600 5.600L17.600 5 19 6.400 13.400 12l5.600 5.600-1.400 1.400-5.600-5.600L6.400 19 5 17.600l5.600-5.600L5 6.400z",
};

/** A drawing beside a word; it says nothing itself. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", `icon icon-${name}`);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows a drawing and is called by a word. */
export function iconButton(name, label, onclick, more = {}) {
  return el("button", { type: "button", class: "icon-button", "aria-label": label, title: label, onclick, ...more }, icon(name));
}

/** Text for screen readers only. */
export function unseen(text) {
  return el("span", { class: "unseen" }, text);
}

/** Arrow keys walk over buttons laid out in rows; Tab still visits each. */
export function walkable(rows) {
  rows.forEach((row, y) =>
    row.forEach((button, x) =>
      button.addEventListener("keydown", (event) => {
        const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
        if (!step) return;
        const target = rows[y + step[0]];
        const next = target && target[step[0] ? Math.min(x, target.length - 1) : x + step[1]];
        if (!next) return;
        event.preventDefault();
        next.focus();
      }),
    ),
  );
}
