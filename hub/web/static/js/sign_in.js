/* Trades the code for a session: typed, or from the part of /enrol#CODE that no server sees. */

import { jsonPost, sessionEnded } from "./footer.js";
import { t } from "./text.js";

const CODE_CHARS = 8;
const form = document.getElementById("sign-in");
const input = document.getElementById("code");
const problem = document.getElementById("problem");
const button = form.querySelector("button");
const bare = (text) => text.replace(/[\s-]/g, "").toUpperCase();

function say(text) {
  problem.textContent = text;
  input.setAttribute("aria-invalid", String(text !== ""));
}

async function send(code) {
  if (bare(code).length !== CODE_CHARS) return say(t("ui.sign_in.short"));
  say("");
  button.disabled = true;
  button.textContent = t("ui.sign_in.working");
  try {
    const response = await fetch("/api/sign-in", jsonPost({ code: bare(code) }));
    if (response.ok) return location.replace("/");
    say((await response.json()).text);
  } catch {
    say(t("ui.no_connection"));
  }
  button.disabled = false;
  button.textContent = t("ui.sign_in.go");
  input.focus();
}

input.addEventListener("input", () => {
  const text = bare(input.value).slice(0, CODE_CHARS);
  input.value = text.length > 4 ? `${text.slice(0, 4)}-${text.slice(4)}` : text;
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  send(input.value);
});

if (sessionEnded()) say(t("ui.sign_in.ended"));
if (form.dataset.enrol === "yes" && location.hash.length > 1) {
  const code = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", "/enrol");
  input.value = code;
  send(code);
} else {
  input.focus();
}
