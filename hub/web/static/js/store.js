/* The alarms as the server last told them, and who wants to know when one changes. */

import { serverSays } from "./clock.js";
import { toSignIn } from "./footer.js";

export const alarms = new Map();
export let cursor = null;
export let more = 0;
const listeners = [];

export const onChange = (listener) => listeners.push(listener);

function tell(change) {
  for (const listener of listeners) listener(change);
}

export function apply(alarm) {
  const before = alarms.get(alarm.id);
  alarms.set(alarm.id, { ...before, ...alarm });
  tell({ before, after: alarms.get(alarm.id) });
}

export function seen(id) {
  cursor = id || cursor;
}

export async function getJson(path) {
  const response = await fetch(path, { signal: AbortSignal.timeout(8000) });
  if (response.status === 401) toSignIn();
  return { ok: response.ok, status: response.status, body: await response.json() };
}

/* Fetches the whole list; what is no longer in it is gone. */
export async function refetch() {
  const { ok, body } = await getJson("/api/alarms");
  if (!ok) return false;
  serverSays(body.now);
  cursor = body.cursor;
  const old = new Map(alarms);
  alarms.clear();
  for (const alarm of body.alarms) alarms.set(alarm.id, { ...old.get(alarm.id), ...alarm });
  more = body.more;
  tell({});
  return true;
}
