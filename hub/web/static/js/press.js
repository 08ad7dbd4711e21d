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
  if (resting === null) return draw();
  waiting.set(what, draw);
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
