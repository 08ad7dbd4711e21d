/* Relatives' pages: what is new is said in words too, and to have the page open is to have seen it. */

import "./forms.js";
import { states } from "./fresh.js";
import { tellSeen } from "./seen.js";

const BUZZ_MS = [300, 150, 300];
const news = document.getElementById("news");
const seen = new Set();
let before = states();

/* To whoever does not see the page change. */
function announce() {
  const after = states();
  const changed = [...after].filter(([id, words]) => before.get(id) !== words);
  if (changed.length > 0) news.textContent = changed.map(([, words]) => words).join(". ");
  if (changed.some(([id]) => !before.has(id))) navigator.vibrate?.(BUZZ_MS);
  before = after;
}

/* The hub then does not ring the next way at once. */
function see() {
  if (document.hidden) return;
  for (const { dataset } of document.querySelectorAll("[data-asks]")) {
    if (seen.has(dataset.alarm)) continue;
    seen.add(dataset.alarm);
    tellSeen(`/api/family/alarms/${encodeURIComponent(dataset.alarm)}/commands`, dataset.phase);
  }
}

document.addEventListener("varde-fresh", () => {
  announce();
  see();
});
document.addEventListener("visibilitychange", see);
see();
