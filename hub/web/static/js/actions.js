/* The bar at the bottom of an alarm: the next step large, the others beside it. */

import { letBe, messageOf, pendingOf, send, tryAgain } from "./commands.js";
import { h, icon } from "./dom.js";
import { askArrival, askOutcome } from "./sheets.js";
import { t } from "./text.js";

const ICONS = { accept: "check", on_the_way: "car", arrive: "home", close: "done" };
const NEXT = { looking: "accept", accepted: "on_the_way", on_the_way: "arrive", at_resident: "close" };
const ASK = { on_the_way: askArrival, close: askOutcome };

async function press(alarm, action) {
  const ask = ASK[action];
  const extra = ask ? await ask() : {};
  if (extra !== null) send(alarm, action, extra);
}

const labelOf = (alarm, action) =>
  alarm.phase === "on_the_way" && action === "on_the_way" ? t("ui.new_time") : t(`action.${action}`);

function button(alarm, action, pending) {
  const working = pending?.body.action === action;
  const primary = NEXT[alarm.phase] === action;
  const label = working && pending.state === "sending" ? t("ui.sending") : labelOf(alarm, action);
  return h(
    "button",
    {
      type: "button",
      class: ["act", primary && "primary", working && "working"].filter(Boolean).join(" "),
      "data-key": `action-${action}`,
      "data-action": action,
      "aria-disabled": pending ? "true" : false,
      onclick: () => pending || press(alarm, action),
    },
    ICONS[action] && icon(ICONS[action]),
    h("span", {}, label),
  );
}

function gaveUp(alarm, pending) {
  return [
    h("p", { class: "message bad", role: "alert" }, t(`ui.${pending.state}`)),
    h("div", { class: "buttons" },
      h("button", { type: "button", class: "act primary", "data-key": "again", onclick: () => tryAgain(alarm.id) }, t("ui.try_again")),
      h("button", { type: "button", class: "act", "data-key": "let-be", onclick: () => letBe(alarm.id) }, t("ui.cancel"))),
  ];
}

export function actionBar(alarm) {
  const pending = pendingOf(alarm.id);
  const message = messageOf(alarm.id);
  if (pending?.state.startsWith("gave_up")) return h("div", { class: "bar" }, gaveUp(alarm, pending));
  const shown = [...(alarm.actions ?? [])].sort((a, b) => (b === NEXT[alarm.phase]) - (a === NEXT[alarm.phase]));
  if (pending && !shown.includes(pending.body.action)) shown.unshift(pending.body.action);
  if (!shown.length && !message) return null;
  return h(
    "div",
    { class: "bar", role: "group", "aria-label": t("ui.actions") },
    pending && pending.state !== "sending" && h("p", { class: "message wait", role: "status" }, t(`ui.${pending.state}`)),
    !pending && message && h("p", { class: `message ${message.tone}`, role: message.tone === "bad" ? "alert" : "status" }, message.text),
    shown.length > 0 && h("div", { class: "buttons" }, shown.map((action) => button(alarm, action, pending))),
  );
}
