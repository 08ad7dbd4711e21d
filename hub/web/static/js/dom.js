/* Builds elements without a framework: h("button", {class: "act", onclick: f}, "text"); and draws them anew. */

const SVG = "http://www.w3.org/2000/svg";

export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  svg.setAttribute("viewBox", "0 0 24 24");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `/static/icons.svg#icon-${name}`);
  svg.append(use);
  return svg;
}

export const hidden = (text) => h("span", { class: "visually-hidden" }, text);

/* Replaces children and gives focus back to the element with the same data-key; where that is gone (the
   step is done), to the next step. Focus that falls to the page would begin at its top again. */
export function redraw(parent, ...children) {
  const key = parent.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  parent.replaceChildren(...children.flat().filter(Boolean));
  if (!key) return;
  const same = parent.querySelector(`[data-key="${CSS.escape(key)}"]`);
  const next = parent.querySelector('.bar .primary:not([data-action="reopen"])') ?? parent.querySelector("h1[tabindex], a.card");
  (same ?? next)?.focus({ preventScroll: true });
}

/* Nothing is drawn anew under a finger: a press whose button is exchanged between down and up reaches
   nobody. What waits is drawn when it is lifted; and soon in any case, for a hand may rest there. */
const REST_MS = 800;
const PRESSABLE = "a, button, summary, label";
const waiting = new Map();
let resting = null;

function lifted() {
  clearTimeout(resting);
  resting = null;
}

function drawAll() {
  lifted();
  const found = [...waiting.values()];
  waiting.clear();
  for (const draw of found) draw();
}

/* Draws `what` now, or after the press; the last one asked for counts. */
export function drawWhenLifted(what, draw) {
  if (resting !== null) return waiting.set(what, draw);
  waiting.delete(what);
  draw();
}

function pressed({ target }) {
  if (!target.closest?.(PRESSABLE)) return;
  lifted();
  resting = setTimeout(drawAll, REST_MS);
}

addEventListener("pointerdown", pressed, true);
for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => resting !== null && setTimeout(drawAll), true);
/* What the press itself asks for is drawn at once. */
addEventListener("click", lifted, true);
