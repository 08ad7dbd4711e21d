/* Hold-to-call: held for a moment it is sent at once; tapped, or by keyboard, it asks first. */

import { h } from "./dom.js";
import { jsonPost, toSignIn } from "./footer.js";
import { newId } from "./ids.js";
import { t } from "./text.js";

const HOLD_MS = 1500;
const TRIES = 5;
const PAUSE_MS = 1500;
const button = document.getElementById("hold");
const said = document.getElementById("hold-said");
let timer = null;
let sent = false;

function say(tone, text) {
  said.className = `message ${tone}`;
  said.setAttribute("role", tone === "bad" ? "alert" : "status");
  said.textContent = text;
  said.hidden = false;
}

/* The same id however often it is tried: one call. */
export async function callForHelp(alarm = null) {
  const body = { id: newId(), ...(alarm && { alarm }) };
  say("wait", t("ui.hold.sending"));
  for (let round = 0; round < TRIES; round += 1) {
    try {
      const response = await fetch("/api/help", { ...jsonPost(body), signal: AbortSignal.timeout(8000) });
      if (response.status === 401) return toSignIn();
      if (response.status === 200) return say("good", t("ui.hold.sent"));
      if (response.status !== 202) return say("bad", (await response.json()).text);
    } catch {
      /* no connection: tried again below */
    }
    await new Promise((again) => setTimeout(again, PAUSE_MS));
  }
  say("bad", t("ui.hold.failed"));
}

export function askForHelp(alarm = null) {
  const close = () => dialog.close();
  const go = () => {
    close();
    callForHelp(alarm);
  };
  const dialog = h(
    "dialog",
    { class: "sheet", "aria-labelledby": "hold-title" },
    h("h2", { id: "hold-title" }, t("ui.hold.title")),
    h("p", {}, t("ui.hold.lead")),
    h("div", { class: "sheet-foot" }, h("button", { type: "button", class: "act", onclick: close }, t("ui.cancel")), h("button", { type: "button", class: "act danger", onclick: go }, t("ui.hold.go"))),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function release() {
  clearTimeout(timer);
  button.classList.remove("held");
}

button?.addEventListener("pointerdown", () => {
  sent = false;
  button.classList.add("held");
  timer = setTimeout(() => {
    sent = true;
    release();
    navigator.vibrate?.(200);
    callForHelp();
  }, HOLD_MS);
});
for (const end of ["pointerup", "pointerleave", "pointercancel"]) button?.addEventListener(end, release);
button?.addEventListener("contextmenu", (event) => event.preventDefault());
button?.addEventListener("click", () => sent || askForHelp());
