/* Language switch and signing out: the same on every page. */

import "./outbox_send.js";
import "./zone_store.js";

const YEAR_S = 31536000;
const ENDED = "varde-session-ended";

/* What is stored for a shift goes with the session; the sign-in page forgets it once more, because a
   page that is left may not have come to it. */
const forget = () => Promise.all([vardeZone.erase(), vardeOutbox.remember("me", {})]);

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
});

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    document.cookie = `varde_language=${button.dataset.language}; path=/; max-age=${YEAR_S}; samesite=lax`;
    location.reload();
  });
}

document.getElementById("sign-out")?.addEventListener("click", async () => {
  await fetch("/api/sign-out", jsonPost({}));
  await forget();
  location.replace("/sign-in");
});

if (location.pathname === "/sign-in" || location.pathname === "/enrol") forget();
