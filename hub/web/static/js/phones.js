/* The phones page: a new passkey, and codes and links, which are shown once. */

import { h } from "./dom.js";
import { jsonPost, toSignIn } from "./footer.js";
import { deviceName, isLost, makePasskey } from "./passkey.js";
import { say } from "./plain.js";
import { t } from "./text.js";

const made = document.getElementById("made");

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

function show({ code, url, qr, minutes }) {
  say("", "");
  const svg = new DOMParser().parseFromString(qr, "image/svg+xml").documentElement;
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", t("ui.phones.qr"));
  made.replaceChildren(
    ...[
      h("h2", {}, t("ui.phones.made")),
      h("p", {}, t("ui.phones.made_for", { minutes })),
      code && h("p", { class: "secret" }, code),
      document.importNode(svg, true),
      h("p", { class: "url" }, url),
      h("button", { type: "button", class: "act", onclick: () => (made.hidden = true) }, t("ui.phones.hide")),
    ].filter(Boolean),
  );
  made.hidden = false;
  made.focus();
  made.scrollIntoView({ block: "start" });
}

document.addEventListener("click", ({ target }) => {
  const button = target.closest("button");
  if (!button || button.hasAttribute("aria-disabled")) return;
  if (button.dataset.make) busy(button, () => fetch(button.dataset.make, jsonPost({})), show);
  if (button.id === "make-passkey") busy(button, () => makePasskey(deviceName()), () => location.reload());
});
