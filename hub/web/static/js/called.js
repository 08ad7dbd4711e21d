/* Answering a call without a session, by the right that came with the push. It names nobody. */

import { decoded } from "./address.js";
import { ended } from "./ends.js";
import { noAnswer } from "./footer.js";
import { t } from "./text.js";
import { tellWorker } from "./worker.js";

const id = decoded(location.pathname.split("/")[2] ?? "");
const said = document.getElementById("said");
const buttons = ["accept", "refuse"].map((action) => document.getElementById(action));

function say(tone, text) {
  said.className = `message ${tone}`;
  said.setAttribute("role", tone === "bad" ? "alert" : "status");
  said.textContent = text;
  said.hidden = false;
}

async function send(action, right) {
  say("wait", t("ui.sending"));
  for (const button of buttons) button.setAttribute("aria-disabled", "true");
  try {
    const { status, answer } = await ended("/api/rights", { right }, (text) => say("wait", text));
    if (status === 200) return done(action);
    say(status === 202 ? "wait" : "bad", answer.text);
  } catch (error) {
    say("bad", noAnswer(error));
  }
  for (const button of buttons) button.removeAttribute("aria-disabled");
}

async function done(action) {
  say("good", t("ui.done", { action: t(`action.${action}`) }));
  for (const button of buttons) button.hidden = true;
  await tellWorker({ type: "over", alarm: id });
}

const call = await kept.get("calls", id);
document.getElementById("called-title").textContent = call?.title ?? t("ui.called.unknown");
document.getElementById("called-body").textContent = call?.body ?? "";
for (const button of buttons) {
  const right = call?.[button.id];
  button.hidden = !right;
  button.addEventListener("click", () => button.hasAttribute("aria-disabled") || send(button.id, right));
}
document.querySelector(".lead").hidden = buttons.every((button) => button.hidden);
document.getElementById("called-title").focus();
