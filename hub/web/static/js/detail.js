/* One alarm: what happened, who, where, why me, what has been done, and what to do next. */

import { actionBar } from "./actions.js";
import { showAge } from "./clock.js";
import { tellSeen } from "./commands.js";
import { h, icon, redraw } from "./dom.js";
import { alarms, apply, getJson } from "./store.js";
import { exactTimeOf, t, timeOf } from "./text.js";
import { badge, isOpen, kindOf, status, times, toneOf, whoOf } from "./words.js";

const ENTRY_ICONS = {
  "alarm.raised": "call", "alarm.repeated": "call", "step.started": "person", "alarm.paged": "person",
  "alarm.seen": "eye", "alarm.accepted": "check", "alarm.progressed": "car", "alarm.closed": "done", note: "note",
};
const pane = document.getElementById("detail");
const told = new Set();
let shown = null;

function fact(term, value) {
  return value && h("div", {}, h("dt", {}, t(term)), h("dd", {}, value));
}

function facts(alarm) {
  const device = [alarm.device_name ?? alarm.device, alarm.device_place, alarm.subject].filter(Boolean).join(" · ");
  return h(
    "dl",
    { class: "facts" },
    fact("ui.has", alarm.owner_name ?? t("ui.nobody")),
    alarm.due_at && isOpen(alarm) && fact("ui.there_by", timeOf(alarm.due_at)),
    !isOpen(alarm) && fact("ui.outcome", t(`outcome.${alarm.outcome}`)),
    fact("ui.severity", t(`severity.${alarm.severity}`)),
    fact("ui.received", exactTimeOf(alarm.received_at)),
    fact("ui.unit", alarm.unit_name),
    fact("ui.phone", alarm.phone && h("a", { href: `tel:${alarm.phone.replace(/\s/g, "")}`, class: "tel" }, alarm.phone)),
    fact("ui.device", device),
  );
}

function entry(item) {
  return h(
    "li",
    { class: item.code.replace(".", "-") },
    h("span", { class: "dot" }, ENTRY_ICONS[item.code] && icon(ENTRY_ICONS[item.code])),
    h("div", {}, h("p", {}, item.text), item.why && h("p", { class: "why" }, item.why)),
    h("time", { datetime: item.at }, exactTimeOf(item.at)),
  );
}

function head(alarm) {
  const open = isOpen(alarm);
  const time = h("time", { class: "age", datetime: alarm.received_at });
  return h(
    "header",
    { class: `hero ${toneOf(alarm)}` },
    h("div", { class: "hero-top" }, badge(alarm), h("p", { class: "kind" }, kindOf(alarm), times(alarm)), open && showAge(time, alarm.received_at)),
    h("h1", { tabindex: "-1", "data-key": "heading" }, whoOf(alarm)),
    alarm.address && h("p", { class: "address" }, alarm.address),
    status(alarm),
    alarm.history && h("p", { class: "chip" }, t("ui.old")),
  );
}

const back = () =>
  h("a", { class: "back", href: "/", "data-key": "back" }, icon("back"), h("span", {}, t("ui.back")));

function draw(alarm) {
  const box = alarm.asked && alarm.mine && h("p", { class: "message wait", role: "alert" }, t("ui.asked"));
  const why = alarm.why_me && h("aside", { class: "why-me" }, h("h2", {}, t("ui.why_me")), h("p", {}, alarm.why_me));
  const story = alarm.timeline && h("section", { class: "story" }, h("h2", {}, t("ui.timeline")), h("ol", { class: "timeline" }, [...alarm.timeline].reverse().map(entry)));
  redraw(pane, back(), h("article", {}, head(alarm), box, why, facts(alarm), story), actionBar(alarm));
}

function placeholder(title, text) {
  redraw(pane, back(), h("div", { class: "calm" }, icon("person"), h("h2", {}, title), text && h("p", {}, text)));
}

export function redrawDetail() {
  const alarm = shown && alarms.get(shown);
  if (alarm) draw(alarm);
  else if (shown) placeholder(t("ui.gone"));
  else placeholder(t("ui.pick.title"), t("ui.pick.text"));
}

/* Fetches what the list does not hold; without a connection the list's values stay on show. */
export async function refreshDetail() {
  const id = shown;
  if (!id) return;
  try {
    const { ok, body } = await getJson(`/api/alarms/${encodeURIComponent(id)}`);
    if (ok) apply(body);
  } catch {
    return;
  }
  see(alarms.get(id));
}

function see(alarm) {
  if (!alarm?.calls_me || alarm.seen || document.hidden || told.has(alarm.id)) return;
  told.add(alarm.id);
  tellSeen(alarm);
}

export async function show(id) {
  shown = id;
  redrawDetail();
  if (id) pane.querySelector("h1")?.focus({ preventScroll: true });
  await refreshDetail();
}
