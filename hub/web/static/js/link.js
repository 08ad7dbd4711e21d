/* The bar that says whether what is shown is fresh. Red only when no other way is proven: who can be
   reached by SMS or a call is told so, quietly. */

import { t, timeOf } from "./text.js";

const bar = document.getElementById("link");

export function showLink({ lost, old, since }) {
  const { ways } = bar.dataset;
  const time = timeOf(since);
  const text = !lost ? t("ui.connected") : ways ? t("ui.lost_quiet", { time, ways }) : t("ui.lost", { time });
  bar.className = ["link", !lost ? "live" : ways ? "quietly" : old ? "old" : "lost"].join(" ");
  if (bar.textContent !== text) bar.textContent = text;
}
