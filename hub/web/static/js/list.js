/* The list: mine, open, recently closed. */

import { showAge } from "./clock.js";
import { h, hidden, icon, redraw } from "./dom.js";
import { alarms, more } from "./store.js";
import { t, timeOf } from "./text.js";
import { badge, chips, isExercise, isOpen, kindOf, status, toneOf, whoOf } from "./words.js";

const FRESH_MS = 6000;
const RECENT = 20;
const RANK = { critical: 5, high: 4, medium: 3, low: 2, technical: 1 };
const list = document.getElementById("list");
const fresh = new Set();

/* What waits for this person's own yes or no: a call, a handover, a colleague who needs one more. It
   stands first, but for calls about a device that is broken: they wait behind what one has already. */
const asksMe = (alarm) => !alarm.mine && Boolean(alarm.calls_me || alarm.asks_me);
const isFirst = (alarm) => asksMe(alarm) && (alarm.asks_me || alarm.severity !== "technical");

/* Worse before milder, older before newer; in what is open to all, that which nobody has before that. */
const worse = (a, b) => RANK[b.severity] - RANK[a.severity] || a.received_at.localeCompare(b.received_at);
const urgency = (a, b) => (b.phase === "looking") - (a.phase === "looking") || worse(a, b);
const latest = (a, b) => b.closed_at.localeCompare(a.closed_at);

function when(alarm) {
  if (!isOpen(alarm)) return h("time", { class: "age", datetime: alarm.closed_at }, timeOf(alarm.closed_at));
  const time = h("time", { class: "age", datetime: alarm.received_at });
  return h("span", { class: "age-box" }, hidden(t("ui.age")), showAge(time, alarm.received_at));
}

function card(alarm, current) {
  const classes = ["card", toneOf(alarm), alarm.phase];
  if (asksMe(alarm)) classes.push("calls");
  if (fresh.has(alarm.id)) classes.push("fresh");
  if (isExercise(alarm)) classes.push("exercise");
  const link = h(
    "a",
    {
      class: classes.join(" "),
      href: `/alarms/${encodeURIComponent(alarm.id)}`,
      "data-key": alarm.id,
      "data-phase": alarm.phase,
      "aria-current": alarm.id === current && "true",
    },
    badge(alarm),
    h("span", { class: "who-what" }, h("strong", {}, whoOf(alarm)), h("span", { class: "kind" }, kindOf(alarm))),
    when(alarm),
    chips(alarm),
    h("span", { class: "card-foot" }, status(alarm), alarm.calls_me && h("span", { class: "chip strong" }, t("ui.calls_you")), alarm.asks_me && h("span", { class: "chip strong" }, t("ui.asks_you"))),
  );
  return h("li", {}, link);
}

function section(id, title, found, current) {
  if (!found.length) return null;
  const heading = h("h2", { id }, title, h("span", { class: "count" }, String(found.length)));
  return h("section", { class: id, "aria-labelledby": id }, heading, h("ul", { class: "cards" }, found.map((alarm) => card(alarm, current))));
}

function calm() {
  return h("div", { class: "calm" }, icon("done"), h("h2", {}, t("ui.empty.title")), h("p", {}, t("ui.empty.text")));
}

export function drawList(current) {
  const all = [...alarms.values()];
  const open = all.filter(isOpen).sort(urgency);
  const recent = all.filter((alarm) => !isOpen(alarm)).sort(latest).slice(0, RECENT);
  redraw(
    list,
    h("h1", { class: "visually-hidden" }, t("ui.alarms")),
    open.length === 0 && calm(),
    section("asks-me", t("ui.waits_for_you"), open.filter(isFirst).sort(worse), current),
    section("mine", t("ui.mine"), open.filter((alarm) => alarm.mine), current),
    section("open", t("ui.open"), open.filter((alarm) => !alarm.mine && !isFirst(alarm)), current),
    more > 0 && h("p", { class: "more" }, t("ui.more", { count: more })),
    section("recent", t("ui.recent"), recent, current),
  );
}

/* Lets a new alarm stand out for a few seconds. */
export function markFresh(id, draw) {
  fresh.add(id);
  setTimeout(() => {
    fresh.delete(id);
    draw();
  }, FRESH_MS);
}
