/* The phones page: a new passkey, and codes and links, which are shown once. */

import { h } from "./dom.js";
import { jsonPost, toSignIn } from "./footer.js";
import { deviceName, isLost, makePasskey } from "./passkey.js";
import { say } from "./said.js";
import { t } from "./text.js";

const MINUTE_MS = 60000;
const made = document.getElementById("made");
let timer = null;

async function busy(button, ask, done) {
  button.setAttribute("aria-disabled", "true");
  say("wait", t("ui.sending"));
  try {
    const response = await ask();
    if (response.status === 401) return toSignIn();
    const answer = await response.json();
    if (response.ok) done(answer);
    else say("bad", answer.text);
  } catch (error) {
    say("bad", t(isLost(error) ? "ui.no_connection" : "ui.sign_in.no_passkey"));
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

/* A secret leaves the page when it is hidden, when it counts no more, and when the page is left. */
function forget() {
  clearTimeout(timer);
  made.hidden = true;
  made.replaceChildren();
}

function hide(button) {
  forget();
  (document.querySelector(`[data-key="${CSS.escape(button)}"]`) ?? document.getElementById("main")).focus();
}

function show({ code, url, qr, minutes }, button) {
  say("", "");
  const svg = new DOMParser().parseFromString(qr, "image/svg+xml").documentElement;
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", t("ui.phones.qr"));
  made.replaceChildren(
    ...[
      h("h2", {}, t("ui.phones.made")),
      h("p", {}, t(code ? "ui.phones.made_for" : "ui.phones.link_for", { minutes })),
      code && h("p", { class: "secret" }, code),
      document.importNode(svg, true),
      h("p", { class: "url" }, url),
      h("button", { type: "button", class: "act", onclick: () => hide(button) }, t("ui.phones.hide")),
    ].filter(Boolean),
  );
  made.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(forget, minutes * MINUTE_MS);
  made.focus();
  made.scrollIntoView({ block: "start" });
}

addEventListener("pagehide", forget);
document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button || button.hasAttribute("aria-disabled")) return;
  if (button.dataset.make) busy(button, () => fetch(button.dataset.make, jsonPost({})), (answer) => show(answer, button.dataset.key));
  if (button.id === "make-passkey") busy(button, () => makePasskey(deviceName()), () => location.reload());
});
