/* Sends an action and never pretends: it is done when the server has said so. Until then it waits in
   the outbox, which outlives the page; however often it is tried, it keeps its id. */

import { newId } from "./ids.js";
import * as outbox from "./outbox.js";
import * as store from "./store.js";
import { t } from "./text.js";

const STATES = { new: "sending", waiting: "not_sent", sending: "sending", unsure: "not_confirmed", asks: "asks" };
/* What an alarm becomes when what waits is done: so that one can go on without a connection. */
const BECOMES = { accept: "accepted", on_the_way: "on_the_way", arrive: "at_resident", close: "closed" };
/* A door opens for who stands before it, or not at all. */
const DOORS = new Set(["unlock", "lock"]);
const DOOR_MS = 10000;
const messages = new Map();
const writing = new Set();
const listeners = [];

export const onProgress = (listener) => listeners.push(listener);
export const messageOf = (alarm) => messages.get(alarm);

const waitingOf = (alarm) => outbox.mine().filter((entry) => entry.alarm === alarm && entry.state in STATES);

/* The first of the alarm's actions that is not done: its state is what the bar tells. */
export function pendingOf(alarm) {
  const [first] = waitingOf(alarm);
  if (!first) return undefined;
  const unsure = first.was_unsure ? "asks_unsure" : "asks";
  return { state: first.state === "asks" ? unsure : STATES[first.state], body: first.body, entry: first };
}

/* The phase in which the alarm would be if everything that waits were done. */
export const phaseAfter = (alarm) =>
  waitingOf(alarm.id).reduce((phase, { body }) => BECOMES[body.action] ?? phase, alarm.phase);
export const unsentOf = (alarm) => waitingOf(alarm).filter(({ state }) => state === "waiting");
export const hasUnsent = (alarm) => waitingOf(alarm).some(({ state }) => state === "waiting");

const changed = (alarm) => listeners.forEach((listener) => listener(alarm));

function say(alarm, tone, text) {
  messages.set(alarm, { tone, text });
}

export function warn(alarm, text) {
  say(alarm, "bad", text);
  changed(alarm);
}

outbox.onOutbox((entry, answer) => {
  if (!entry.alarm || !entry.action || entry.person !== outbox.me.person) return;
  if (answer?.alarm) store.apply(answer.alarm);
  if (entry.state === "done") say(entry.alarm, "good", t("ui.done", { action: t(`action.${entry.action}`) }));
  if (entry.state === "refused") {
    say(entry.alarm, "bad", entry.text ?? t("ui.outbox.after_refused", { what: t(`action.${entry.action}`), time: "" }));
  }
  changed(entry.alarm);
});

/* Where the commands about an alarm go. */
export const commandsOf = ({ id }) => `/api/alarms/${encodeURIComponent(id)}/commands`;

export async function send(alarm, action, extra = {}) {
  const before = waitingOf(alarm.id);
  if (before.some(({ state }) => state !== "waiting")) return;
  // One at a time: what is pressed while this is written down is not a second command.
  if (writing.has(alarm.id)) return;
  writing.add(alarm.id);
  messages.delete(alarm.id);
  for (const old of outbox.mine()) if (old.alarm === alarm.id && old.state === "refused") outbox.drop(old);
  const body = { id: newId(), action, seen_phase: phaseAfter(alarm), ...extra };
  const path = commandsOf(alarm);
  const life_ms = DOORS.has(action) ? DOOR_MS : undefined;
  await outbox.put({ action, alarm: alarm.id, kind: alarm.kind, path, body, life_ms }).finally(() => writing.delete(alarm.id));
}

/* Asked again: it is wanted as of now. */
export const wantStill = (alarm) => outbox.wantStill(pendingOf(alarm).entry);

/* Asked again: let it be, and with it what was pressed after it. */
export function letBe(alarm) {
  for (const entry of waitingOf(alarm)) outbox.drop(entry);
}
