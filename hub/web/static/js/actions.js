/* The bar at the bottom of an alarm: the next step large, one or two beside it, the rest behind "more". */

import { hasUnsent, letBe, messageOf, pendingOf, phaseAfter, send, unsentOf, wantStill, warn } from "./commands.js";
import { h, icon } from "./dom.js";
import { askForHelp } from "./hold.js";
import { t, timeOf } from "./text.js";
import { ACTION_ICONS } from "./words.js";

/* Which sheet asks for the rest. Sheets come after the page itself: the first load is small. */
const ASK = {
  accept_in: "askArrival", on_the_way: "askArrival", close: "askOutcome", hand_over: "askWhom", speak: "askSpeech",
  note: "askNote", choose: "askResident", jump: "askStep", unlock: "askUnlock", lock: "askLock",
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
/* Without a connection one goes on: what can follow on what waits to be sent. */
const AFTER = {
  accepted: { primary: "on_the_way", beside: ["arrive", "close"] },
  on_the_way: { primary: "arrive", beside: ["close"] },
  at_resident: { primary: "close", beside: [] },
  closed: { beside: [] },
};

function placed(alarm) {
  if (hasUnsent(alarm.id)) return { ...(AFTER[phaseAfter(alarm)] ?? { beside: [] }), more: [] };
  const may = alarm.actions ?? [];
  const joins = alarm.asks_me && may.includes("join") ? ["join"] : [];
  const primary = [...joins, ...FIRST[alarm.phase]].find((action) => may.includes(action));
  const idle = { choose: alarm.concerns_name, speak: !alarm.resident };
  const beside = BESIDE[alarm.phase].filter((action) => may.includes(action) && !idle[action]).slice(0, MOST_BESIDE);
  const again = alarm.phase === "at_resident" && !alarm.marks.some((mark) => mark.code === "check");
  const rest = may.filter((action) => action !== primary && !beside.includes(action) && !(again && action === "arrive"));
  return { primary, beside, more: may.includes("accept") ? ["accept_in", ...rest] : rest };
}

/* Where a sheet does not come (no connection in the first second of a page), that is told. */
async function asked(alarm, work) {
  try {
    return await work();
  } catch {
    warn(alarm.id, t("ui.no_connection"));
    return null;
  }
}

const moreOf = async (alarm) => (await import("./more.js")).askMore(alarm, placed(alarm).more);
const extraOf = async (alarm, action) => (await import("./sheets.js"))[ASK[action]](alarm);

async function press(alarm, action) {
  if (action === "more") return press(alarm, await asked(alarm, () => moreOf(alarm)));
  if (action === null) return;
  if (action === "call_for_help") return askForHelp(alarm.id);
  const extra = ASK[action] ? await asked(alarm, () => extraOf(alarm, action)) : {};
  if (extra !== null) send(alarm, action === "accept_in" ? "accept" : action, extra);
}

function labelOf(alarm, action) {
  if (alarm.phase === "on_the_way" && action === "on_the_way") return t("ui.new_time");
  if (action === "more") return t("ui.do.more");
  return t(action === "refuse" ? "ui.do.refuse" : `action.${action}`);
}

/* The buttons rest while something is under way; what waits for a connection stops nobody. */
const rests = (pending) => pending && pending.state !== "not_sent";

function button(alarm, action, primary, pending) {
  const working = rests(pending) && pending.body.action === action;
  const label = working && pending.state === "sending" ? t("ui.sending") : labelOf(alarm, action);
  return h(
    "button",
    {
      type: "button",
      class: ["act", primary && "primary", working && "working"].filter(Boolean).join(" "),
      "data-key": `action-${action}`,
      "data-action": action,
      "aria-haspopup": (action === "more" || ASK[action]) && "dialog",
      "aria-disabled": rests(pending) ? "true" : false,
      onclick: () => rests(pending) || press(alarm, action),
    },
    icon(ACTION_ICONS[action] ?? action),
    h("span", {}, label),
  );
}

const saying = ({ entry }) => ({ what: t(`action.${entry.action}`), time: timeOf(entry.pressed_ms) });

/* It has waited for longer than the hub takes a command: nobody knows whether it is still wanted. */
function askAgain(alarm, pending) {
  return [
    h("p", { class: "message bad", role: "alert" }, t(pending.state === "asks" ? "ui.outbox.ask" : "ui.outbox.ask.unsure", saying(pending))),
    h("div", { class: "buttons" },
      h("button", { type: "button", class: "act primary", "data-key": "again", onclick: () => wantStill(alarm.id) }, t("ui.outbox.send")),
      h("button", { type: "button", class: "act", "data-key": "let-be", onclick: () => letBe(alarm.id) }, t("ui.outbox.drop"))),
  ];
}

/* What waits, by name and time: it must not be taken for done. */
function unsent(alarm) {
  const found = unsentOf(alarm.id).map(({ action, pressed_ms }) => h("li", {}, `${t(`action.${action}`)} ${timeOf(pressed_ms)}`));
  return found.length > 0 && h("ul", {}, found);
}

export function actionBar(alarm) {
  const pending = pendingOf(alarm.id);
  const message = messageOf(alarm.id);
  if (pending?.state.startsWith("asks")) return h("div", { class: "bar" }, askAgain(alarm, pending));
  const { primary, beside, more } = placed(alarm);
  const shown = [primary, ...beside].filter(Boolean);
  if (rests(pending) && !shown.includes(pending.body.action)) shown.unshift(pending.body.action);
  if (more.length) shown.push("more");
  if (!shown.length && !message && !pending) return null;
  return h(
    "div",
    { class: "bar", role: "group", "aria-label": t("ui.actions") },
    pending && pending.state !== "sending" && h("p", { class: "message wait", role: "status" }, t(`ui.${pending.state}`), unsent(alarm)),
    !pending && message && h("p", { class: `message ${message.tone}`, role: message.tone === "bad" ? "alert" : "status" }, message.text),
    shown.length > 0 && h("div", { class: "buttons" }, shown.map((action) => button(alarm, action, action === primary, pending))),
  );
}
