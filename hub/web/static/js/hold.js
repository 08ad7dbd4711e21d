/* Hold-to-call: held for a moment it is sent at once; tapped, or by keyboard, it asks first. Without a
   connection it waits in the outbox, and says whom to ring meanwhile. */

import { h } from "./dom.js";
import { newId } from "./ids.js";
import { me, onOutbox, opened, put } from "./outbox.js";
import { t } from "./text.js";

const HOLD_MS = 1500;
const CLICK_MS = 500;
const button = document.getElementById("hold");
const said = document.getElementById("hold-said");
let timer = null;
let sent = false;

function say(tone, ...text) {
  said.className = `message ${tone}`;
  said.setAttribute("role", tone === "bad" ? "alert" : "status");
  said.replaceChildren(...text);
  said.hidden = false;
}

/* A person in need is not told to wait for a connection: the telephone needs none. */
function sayRing() {
  const { help_number } = me;
  if (!help_number) return say("bad", t("ui.hold.offline_no_number"));
  const ring = h("a", { class: "act danger", href: `tel:${help_number.replace(/\s/g, "")}` }, `${t("ui.hold.ring")}: ${help_number}`);
  say("bad", h("span", {}, t("ui.hold.offline")), " ", ring);
}

const SAY = {
  new: () => say("wait", t("ui.hold.sending")),
  sending: () => say("wait", t("ui.hold.sending")),
  unsure: () => say("wait", t("ui.not_confirmed")),
  waiting: sayRing,
  done: () => say("good", t("ui.hold.sent")),
  refused: ({ text }) => say("bad", text || t("ui.hold.failed")),
};
if (said) onOutbox((entry) => entry.action === "help" && entry.person === me.person && SAY[entry.state]?.(entry));

/* The page kept for the time without a connection is the same for everybody: it shows the button to
   those who may use it. */
const MAY = ["staff", "lead", "operator"];
if (button?.hidden) opened.then(() => (button.hidden = !me.roles?.some((role) => MAY.includes(role))));

/* However often it is tried it is one call. */
export function callForHelp(alarm = null) {
  say("wait", t("ui.hold.sending"));
  return put({ action: "help", path: "/api/help", body: { id: newId(), ...(alarm && { alarm }) }, always: true });
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
/* The click that a held button ends in asks nothing more; on a touch screen none comes, and the next
   one may be a keyboard's or a screen reader's, which has no pointer. */
function letGo() {
  release();
  if (sent) setTimeout(() => (sent = false), CLICK_MS);
}
for (const end of ["pointerup", "pointerleave", "pointercancel"]) button?.addEventListener(end, letGo);
button?.addEventListener("contextmenu", (event) => event.preventDefault());
button?.addEventListener("click", () => sent || askForHelp());
