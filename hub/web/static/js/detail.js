/* One alarm: what happened, who, where, why me, what has been done, and what to do next. */

import { actionBar } from "./actions.js";
import { showAge } from "./clock.js";
import { commandsOf } from "./commands.js";
import { drawWhenLifted, h, icon, redraw } from "./dom.js";
import { entrySection, onEntry } from "./entry.js";
import { navigate } from "./navigate.js";
import { waitingFor } from "./outbox_bar.js";
import { tellSeen } from "./seen.js";
import { alarms, apply, cursor, getJson } from "./store.js";
import { isLost } from "./stream.js";
import { exactTimeOf, t, timeOf } from "./text.js";
import { mapSection, onMap } from "./where.js";
import { badge, isExercise, isOpen, kindOf, status, times, toneOf, whoOf } from "./words.js";
import { storedAlarm } from "./zone.js";

const ENTRY_ICONS = {
  "alarm.raised": "call", "alarm.repeated": "call", "step.started": "person", "alarm.paged": "person",
  "handover.asked": "hand_over", "handover.accepted": "check", "help.asked": "people", "help.joined": "people", speech: "speech",
  "check.needed": "eye", "alarm.reopened": "again", "alarm.marked": "info", "incident.joined": "storm",
  "alarm.seen": "eye", "alarm.accepted": "check", "alarm.progressed": "car", "alarm.closed": "done", note: "note", "lock.asked": "lock", "lock.ended": "lock", entry_note: "lock",
};
const pane = document.getElementById("detail");
const told = new Set();
let shown = null;

function fact(term, value) {
  return value && h("div", {}, h("dt", {}, t(term)), h("dd", {}, value));
}

const telephone = (number) => h("a", { href: `tel:${number.replace(/\s/g, "")}`, class: "tel" }, number);

function facts(alarm) {
  // What a device calls itself is for those who look for one that nobody has registered.
  const named = alarm.device_name ?? alarm.device ?? (alarm.colleague_name ? null : alarm.subject);
  const device = [named, alarm.device_place].filter(Boolean).join(" · ");
  return h(
    "dl",
    { class: "facts" },
    fact("ui.has", alarm.owner_name ?? t("ui.nobody")),
    alarm.helper_names?.length > 0 && fact("ui.helpers", alarm.helper_names.join(", ")),
    fact("ui.concerns", alarm.concerns_name),
    fact("ui.speech", alarm.speech),
    isOpen(alarm) && fact("ui.speak_by", alarm.speak_number && telephone(alarm.speak_number)),
    alarm.due_at && isOpen(alarm) && fact("ui.there_by", timeOf(alarm.due_at)),
    fact("ui.people_needed", alarm.people_needed > 1 && String(alarm.people_needed)),
    !isOpen(alarm) && fact("ui.outcome", t(`outcome.${alarm.outcome}`)),
    fact("ui.severity", t(`severity.${alarm.severity}`)),
    fact("ui.received", exactTimeOf(alarm.received_at)),
    fact("ui.unit", alarm.unit_name),
    fact("ui.phone", alarm.phone && telephone(alarm.phone)),
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
    { class: `hero ${toneOf(alarm)} ${isExercise(alarm) ? "exercise" : ""}` },
    h("div", { class: "hero-top" }, badge(alarm), h("p", { class: "kind" }, kindOf(alarm), times(alarm)), open && showAge(time, alarm.received_at)),
    h("h1", { tabindex: "-1", "data-key": "heading" }, whoOf(alarm)),
    alarm.address && h("p", { class: "address" }, alarm.address),
    alarm.protected && h("p", { class: "chip loud" }, t("ui.protected")),
    status(alarm),
  );
}

/* What whoever goes there must have read, whatever else they read: told to nobody else. */
const important = ({ important_note: note }) =>
  note && h("section", { class: "important", "aria-label": t("ui.important_note") }, icon("info"), h("div", {}, h("h2", {}, t("ui.important_note")), h("p", {}, note)));

/* What is true of it beside its phase, each with what that means. */
function markList(alarm) {
  if (!alarm.marks?.length) return null;
  const pointer = (mark) => mark.alarm && mark.alarm !== alarm.id && h("a", { class: "line-link", href: `/alarms/${encodeURIComponent(mark.alarm)}` }, t("ui.show_linked"));
  const list = (mark) => mark.code === "incident" && h("a", { class: "line-link", href: `/incidents/${encodeURIComponent(alarm.id)}` }, t("ui.homes_list"));
  const one = (mark) => h("li", { class: `mark ${mark.tone}` }, icon("info"), h("div", {}, h("strong", {}, mark.text), h("p", {}, mark.why), pointer(mark), list(mark)));
  return h("section", { "aria-label": t("ui.marks") }, h("ul", { class: "marks" }, alarm.marks.map(one)));
}

const LOCK_TONES = { asked: "wait", ok: "good", failed: "bad", unknown: "bad" };

/* How the last command to the door stands, and how one gets in when it has not opened. */
function doorOf({ lock }) {
  if (!lock) return null;
  const wayIn = lock.way_in && h("p", {}, t("ui.lock.entry", { note: lock.way_in }));
  return h("section", { class: `message ${LOCK_TONES[lock.state]}`, role: lock.state === "asked" ? "status" : "alert", "data-lock-state": lock.state, "aria-label": t("ui.lock.title") }, h("p", {}, lock.text), wayIn);
}

/* The address is written on the screen: the way there is one more tap, in the phone's own map. */
const route = (alarm) => alarm.address && isOpen(alarm) && navigate(alarm.address);

function errands({ tasks }) {
  if (!tasks?.length) return null;
  const one = ({ text, overdue }) => h("li", { class: overdue ? "overdue" : "" }, text);
  return h("section", { class: "errands" }, h("h2", {}, t("ui.errands")), h("ul", {}, tasks.map(one)), h("a", { class: "line-link", href: "/tasks" }, t("ui.errands.all")));
}

const back = () =>
  h("a", { class: "back", href: "/", "data-key": "back" }, icon("back"), h("span", {}, t("ui.back")));

function draw(alarm) {
  const box = alarm.asked && alarm.mine && h("p", { class: "message wait", role: "alert" }, alarm.phase === "at_resident" ? t("ui.asked_there") : t("ui.asked"));
  const why = alarm.why_me && h("aside", { class: "why-me" }, h("h2", {}, t("ui.why_me")), h("p", {}, alarm.why_me));
  const story = alarm.timeline && h("section", { class: "story" }, h("h2", {}, t("ui.timeline")), h("ol", { class: "timeline" }, [...alarm.timeline].reverse().map(entry)));
  redraw(pane, back(), h("article", {}, head(alarm), important(alarm), box, doorOf(alarm), markList(alarm), entrySection(alarm), route(alarm), mapSection(alarm), why, facts(alarm), errands(alarm), story), actionBar(alarm));
}

/* What the phone itself has of an alarm, when nobody can be asked. */
function drawStored(alarm) {
  redraw(pane, back(), h("article", {}, head(alarm), waitingFor(alarm.id), h("p", { class: "message wait" }, t("ui.unseen.stored")), entrySection(alarm)));
}

function placeholder(title, text, more) {
  redraw(pane, back(), h("div", { class: "calm" }, icon("person"), h("h2", {}, title), text && h("p", {}, text)), more);
}

export const redrawDetail = () => drawWhenLifted("detail", drawShown);

function drawShown() {
  const alarm = shown && alarms.get(shown);
  if (alarm) draw(alarm);
  else if (shown && isLost() && storedAlarm(shown)) drawStored(storedAlarm(shown));
  else if (shown && isLost()) placeholder(t("ui.unseen.title"), t("ui.unseen.text"), waitingFor(shown));
  else if (shown) placeholder(t(cursor === null ? "ui.loading" : "ui.gone"));
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
  tellSeen(commandsOf(alarm), alarm.phase);
}

onEntry((id) => id === shown && redrawDetail());
onMap((id) => id === shown && redrawDetail());

export async function show(id) {
  shown = id;
  redrawDetail();
  if (id) pane.querySelector("h1")?.focus({ preventScroll: true });
  await refreshDetail();
}
