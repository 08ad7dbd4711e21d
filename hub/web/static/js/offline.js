/* The page that stands in while there is no connection. As soon as there is one, the real page comes. */

import { mustStay } from "./outbox.js";
import { holdReload } from "./worker.js";

const AGAIN_MS = 5000;

async function back() {
  if (location.pathname.startsWith("/offline/")) return; /* opened by its own address */
  try {
    const { ok } = await fetch("/health", { cache: "no-store", signal: AbortSignal.timeout(4000) });
    if (ok && !mustStay() && !document.querySelector("dialog[open]")) location.reload();
  } catch {
    /* still none: asked again */
  }
}

holdReload(() => true);
document.getElementById("again").addEventListener("click", () => location.reload());
addEventListener("online", back);
setInterval(() => document.hidden || back(), AGAIN_MS);
