/* Sends an action and never pretends: it is done when the server has said so. A retry keeps its id. */

import { jsonPost, toSignIn } from "./footer.js";
import { newId } from "./ids.js";
import * as store from "./store.js";
import { isConnected } from "./stream.js";
import { t } from "./text.js";

const ANSWER_MS = 8000;
const GIVE_UP_MS = 60000;
const PAUSES_MS = [1000, 2000, 3000, 5000];
const under_way = new Map();
const messages = new Map();
let changed = () => {};

export const onProgress = (listener) => (changed = listener);
export const pendingOf = (alarm) => under_way.get(alarm);
export const messageOf = (alarm) => messages.get(alarm);

function say(alarm, tone, text) {
  messages.set(alarm, { tone, text });
  changed(alarm);
}

async function post(alarm, body) {
  const reachable = isConnected();
  try {
    const options = { ...jsonPost(body), signal: AbortSignal.timeout(ANSWER_MS) };
    const response = await fetch(`/api/alarms/${encodeURIComponent(alarm)}/commands`, options);
    return { status: response.status, answer: await response.json() };
  } catch {
    return { status: reachable ? 202 : 0 };
  }
}

function finish(alarm, pending, { status, answer }) {
  under_way.delete(alarm);
  if (answer.alarm) store.apply(answer.alarm);
  if (status === 401) return toSignIn();
  if (status === 200) say(alarm, "good", t("ui.done", { action: t(`action.${pending.body.action}`) }));
  else say(alarm, "bad", answer.text);
}

const isFinal = (status) => status === 200 || (status >= 400 && status < 500);

async function attempts(alarm, pending) {
  const until = Date.now() + GIVE_UP_MS;
  for (let round = 0; Date.now() < until; round += 1) {
    const result = await post(alarm, pending.body);
    if (isFinal(result.status)) return finish(alarm, pending, result);
    pending.unsure ||= result.status !== 0;
    pending.state = result.status === 0 ? "not_sent" : "not_confirmed";
    changed(alarm);
    await new Promise((again) => setTimeout(again, PAUSES_MS[Math.min(round, PAUSES_MS.length - 1)]));
  }
  pending.state = pending.unsure ? "gave_up_unsure" : "gave_up";
  changed(alarm);
}

export function send(alarm, action, extra = {}) {
  if (under_way.has(alarm.id)) return;
  messages.delete(alarm.id);
  const pending = { state: "sending", unsure: false, body: { id: newId(), action, seen_phase: alarm.phase, ...extra } };
  under_way.set(alarm.id, pending);
  changed(alarm.id);
  attempts(alarm.id, pending);
}

/* After giving up: once more, as the same command. */
export function tryAgain(alarm) {
  const pending = under_way.get(alarm);
  pending.state = "sending";
  changed(alarm);
  attempts(alarm, pending);
}

/* After giving up: let it be. */
export function letBe(alarm) {
  under_way.delete(alarm);
  changed(alarm);
}

/* Tells the hub, quietly and once, that the person has the alarm before their eyes. */
export async function tellSeen(alarm) {
  await post(alarm.id, { id: newId(), action: "see", seen_phase: alarm.phase });
}
