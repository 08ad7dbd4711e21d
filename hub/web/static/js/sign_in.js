/* The ways in: passkey, code (typed, or from the part of /enrol#CODE that no server sees), and on a
   unit's shared phone name and PIN. */

import { decoded } from "./address.js";
import { sendEarly } from "./early_sent.js";
import { jsonPost, sessionEnded } from "./footer.js";
import { hasPasskeys, isLost, usePasskey } from "./passkey.js";
import { t } from "./text.js";

const CODE_CHARS = 8;
const PIN_CHARS = 4;
const form = document.getElementById("sign-in");
const input = document.getElementById("code");
const problem = document.getElementById("problem");
const passkey = document.getElementById("passkey");
const names = document.getElementById("names");
const pinForm = document.getElementById("pin-form");
const pin = document.getElementById("pin");
const bare = (text) => text.replace(/[\s-]/g, "").toUpperCase();
let person = "";

function say(text, field) {
  problem.textContent = text;
  for (const one of [input, pin]) one?.setAttribute("aria-invalid", String(one === field && text !== ""));
}

/* Sends, with the button saying so; goes on when let in, and says why when not. */
async function enter(button, field, ask, next = "/") {
  const words = [...button.childNodes];
  say("");
  button.disabled = true;
  button.textContent = t("ui.sign_in.working");
  try {
    const response = await ask();
    if (response.ok) return location.replace(next);
    say((await response.json()).text, field);
  } catch (error) {
    say(t(isLost(error) ? "ui.no_connection" : "ui.sign_in.cancelled"));
  }
  button.disabled = false;
  button.replaceChildren(...words);
  field?.select();
  field?.focus();
}

async function byCode(code) {
  if (bare(code).length !== CODE_CHARS) return say(t("ui.sign_in.short"), input);
  const next = hasPasskeys && form.dataset.passkeys === "yes" ? "/welcome" : "/";
  await enter(form.querySelector("button"), input, () => fetch("/api/sign-in", jsonPost({ code: bare(code) })), next);
}

input.addEventListener("input", () => {
  const text = bare(input.value).slice(0, CODE_CHARS);
  input.value = text.length > 4 ? `${text.slice(0, 4)}-${text.slice(4)}` : text;
});
form.addEventListener("submit", (event) => {
  event.preventDefault();
  byCode(input.value);
});

if (passkey && !hasPasskeys) passkey.hidden = true;
passkey?.addEventListener("click", () => enter(passkey, undefined, usePasskey));

names?.addEventListener("click", ({ target }) => {
  const chosen = target.closest("[data-person]");
  if (!chosen) return;
  person = chosen.dataset.person;
  document.getElementById("pin-who").textContent = chosen.textContent;
  names.hidden = true;
  pinForm.hidden = false;
  pin.value = "";
  say("");
  pin.focus();
});
document.getElementById("not-me")?.addEventListener("click", () => {
  names.hidden = false;
  pinForm.hidden = true;
  say("");
  names.querySelector(`[data-person="${CSS.escape(person)}"]`)?.focus();
});
pinForm?.addEventListener("submit", (event) => {
  event.preventDefault();
  if (pin.value.length < PIN_CHARS) return say(t("ui.sign_in.pin_short"), pin);
  const ask = () => fetch("/api/sign-in/pin", jsonPost({ person, pin: pin.value }));
  return enter(pinForm.querySelector("button[type=submit]"), pin, ask);
});

/* Until here a tap would have been lost; a code that was sent is kept. */
for (const button of document.querySelectorAll("main button:disabled")) button.disabled = false;
sendEarly();
if (sessionEnded()) say(t("ui.sign_in.ended"));
if (form.dataset.enrol === "yes" && location.hash.length > 1) {
  const code = decoded(location.hash.slice(1));
  history.replaceState(null, "", "/enrol");
  input.value = code;
  byCode(code);
} else if (!names && !passkey) {
  input.focus();
}
