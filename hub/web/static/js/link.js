/* The bar that says whether what is shown is fresh. */

import { t, timeOf } from "./text.js";

const bar = document.getElementById("link");

export function showLink({ lost, old, since }) {
  const text = lost ? t("ui.lost", { time: timeOf(since) }) : t("ui.connected");
  bar.className = ["link", lost ? (old ? "old" : "lost") : "live"].join(" ");
  if (bar.textContent !== text) bar.textContent = text;
}
