/* The bar at the bottom of an alarm: the next step large, one or two beside it, the rest behind "more". */

import { letBe, messageOf, pendingOf, send, tryAgain } from "./commands.js";
import { h, icon } from "./dom.js";
import { askForHelp } from "./hold.js";
import { askMore } from "./more.js";
import { askArrival, askLock, askNote, askOutcome, askResident, askSpeech, askStep, askUnlock, askWhom } from "./sheets.js";
import { t } from "./text.js";
import { ACTION_ICONS } from "./words.js";

const ASK = {
  accept_in: askArrival, on_the_way: askArrival, close: askOutcome, hand_over: askWhom, speak: askSpeech,
  note: askNote, choose: askResident, jump: askStep, unlock: askUnlock, lock: askLock,
};

/* What stands in the bar, by phase: the first that may be done is the large one. */
const FIRST = {
  looking: ["accept"],
  accepted: ["take_over", "on_the_way"],
  on_the_way: ["take_over", "arrive"],
  at_resident: ["take_over", "close"],
  closed: [],
};
const BESIDE = {
  looking: ["refuse", "speak"],
  accepted: ["decline", "choose", "arrive", "close"],
  on_the_way: ["decline", "choose", "unlock", "on_the_way", "close"],
  at_resident: ["decline", "choose", "unlock", "need_help"],
  closed: ["reopen", "note"],
};
const MOST_BESIDE = 2;

function placed(alarm) {
  const may = alarm.actions ?? [];
  const joins = alarm.asks_me && may.includes("join") ? ["join"] : [];
  const primary = [...joins, ...FIRST[alarm.phase]].find((action) => may.includes(action));
  const idle = { choose: alarm.concerns_name, speak: !alarm.resident };
  const beside = BESIDE[alarm.phase].filter((action) => may.includes(action) && !idle[action]).slice(0, MOST_BESIDE);
  const again = alarm.phase === "at_resident" && !alarm.marks.some((mark) => mark.code === "check");
  const rest = may.filter((action) => action !== primary && !beside.includes(action) && !(again && action === "arrive"));
  return { primary, beside, more: may.includes("accept") ? ["accept_in", ...rest] : rest };
}

async function press(alarm, action) {
  if (action === "more") return press(alarm, await askMore(alarm, placed(alarm).more));
  if (action === null) return;
  if (action === "call_for_help") return askForHelp(alarm.id);
  const extra = ASK[action] ? await ASK[action](alarm) : {};
  if (extra !== null) send(alarm, action === "accept_in" ? "accept" : action, extra);
}

function labelOf(alarm, action) {
  if (alarm.phase === "on_the_way" && action === "on_the_way") return t("ui.new_time");
  if (action === "more") return t("ui.do.more");
  return t(action === "refuse" ? "ui.do.refuse" : `action.${action}`);
}

function button(alarm, action, primary, pending) {
  const working = pending?.body.action === action;
  const label = working && pending.state === "sending" ? t("ui.sending") : labelOf(alarm, action);
  return h(
    "button",
    {
      type: "button",
      class: ["act", primary && "primary", working && "working"].filter(Boolean).join(" "),
      "data-key": `action-${action}`,
      "data-action": action,
      "aria-haspopup": (action === "more" || ASK[action]) && "dialog",
      "aria-disabled": pending ? "true" : false,
      onclick: () => pending || press(alarm, action),
    },
    icon(ACTION_ICONS[action] ?? action),
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
  const { primary, beside, more } = placed(alarm);
  const shown = [primary, ...beside].filter(Boolean);
  if (pending && !shown.includes(pending.body.action)) shown.unshift(pending.body.action);
  if (more.length) shown.push("more");
  if (!shown.length && !message) return null;
  return h(
    "div",
    { class: "bar", role: "group", "aria-label": t("ui.actions") },
    pending && pending.state !== "sending" && h("p", { class: "message wait", role: "status" }, t(`ui.${pending.state}`)),
    !pending && message && h("p", { class: `message ${message.tone}`, role: message.tone === "bad" ? "alert" : "status" }, message.text),
    shown.length > 0 && h("div", { class: "buttons" }, shown.map((action) => button(alarm, action, action === primary, pending))),
  );
}
