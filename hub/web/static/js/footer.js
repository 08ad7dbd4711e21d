/* Language switch and signing out: the same on every page. */

import "./database.js";
import "./outbox_seal.js";
import "./outbox_send.js";
import "./zone_store.js";
import { h } from "./dom.js";
import { t } from "./text.js";

const YEAR_S = 31536000;
const POST_MS = 9000;
const ENDED = "varde-session-ended";

/* What is stored for a shift goes with the session, and so does the key to what waits to be sent; the
   sign-in page forgets it once more, because a page that is left may not have come to it. */
const forget = () => Promise.all([vardeZone.erase(), vardeOutbox.remember("me", {}), vardeOutbox.forget()]);

export function toSignIn() {
  forget();
  sessionStorage.setItem(ENDED, "yes");
  location.replace("/sign-in");
}

export function sessionEnded() {
  const ended = sessionStorage.getItem(ENDED) === "yes";
  sessionStorage.removeItem(ENDED);
  return ended;
}

export const jsonPost = (body) => ({
  method: "POST",
  headers: { "content-type": "application/json", "x-varde": "1" },
  body: JSON.stringify(body),
  signal: AbortSignal.timeout(POST_MS),
});

/* A post without an answer: nothing has gone out without a connection; where time ran out it may have. */
export const noAnswer = ({ code }) => t(code === DOMException.TIMEOUT_ERR ? "ui.unsure" : "ui.no_connection");

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    document.cookie = `varde_language=${button.dataset.language}; path=/; max-age=${YEAR_S}; samesite=lax`;
    location.reload();
  });
}

let leaving = false;

/* Who has an open alarm is asked first; nobody is kept from taking what is stored off a phone. */
const isSure = () => import("./leaving.js").then((one) => one.isSure()).catch(() => true);

/* What lies on the phone goes at once; signed out is only who the hub has signed out. */
async function signOut(button) {
  if (leaving) return;
  leaving = true;
  const goes = await isSure();
  leaving = false;
  if (!goes) return;
  await forget();
  navigator.serviceWorker?.controller?.postMessage({ type: "signed-out" });
  try {
    const { ok, status } = await fetch("/api/sign-out", jsonPost({}));
    if (ok || status === 401) return location.replace("/sign-in");
  } catch {
    /* told below */
  }
  document.getElementById("not-signed-out")?.remove();
  button.after(h("p", { id: "not-signed-out", class: "message bad", role: "alert" }, t("ui.no_connection")));
}

document.getElementById("sign-out")?.addEventListener("click", ({ currentTarget }) => signOut(currentTarget));

if (location.pathname === "/sign-in" || location.pathname === "/enrol") forget();
