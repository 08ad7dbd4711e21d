/* The outbox as a page sees it: what waits, who is signed in here, and when it is tried again. */

import "./database.js";
import "./outbox_seal.js";
import "./outbox_send.js";
import { newId } from "./ids.js";
import { holdReload } from "./worker.js";

const box = globalThis.vardeOutbox;
const AGAIN_MS = 3000;
const KEY_AGAIN_MS = 30000;
const waiting = new Map();
const listeners = [];
export let me = {};
/* Whether what this person has sealed can be opened here; what then cannot be, never can. */
export let isOpened = false;
let nextAsk_ms = 0;

export const onOutbox = (listener) => listeners.push(listener);
export const entries = () => [...waiting.values()].sort((a, b) => a.number - b.number);
export const mine = () => entries().filter((entry) => entry.person === me.person);
export const others = () => entries().filter((entry) => entry.person !== me.person);
export const keepsOutbox = () => box.keeps();
export const remember = (facts) => box.remember("me", (me = facts));
export const forget = () => remember({});

function take(entry, answer) {
  if (entry.state === "done" || entry.state === "gone") waiting.delete(entry.number);
  else waiting.set(entry.number, entry);
  for (const listener of listeners) listener(entry, answer ?? entry.answer);
}
box.listen(take);

/* What lies in memory only would go with the page. */
export const mustStay = () => !box.keeps() && waiting.size > 0;
holdReload(mustStay);

/* Asks the service worker to send when the connection is back, where a browser can. */
async function wakeWorker() {
  const worker = await navigator.serviceWorker?.getRegistration();
  await worker?.sync?.register("varde-outbox").catch(() => {});
}

export async function put({ action, alarm, kind, path, body, always, life_ms }) {
  await opened;
  const entry = await box.add({ id: newId(), person: me.person, action, alarm, kind, path, body, always, life_ms });
  box.sendAll().then(() => (waiting.has(entry.number) ? wakeWorker() : null));
  return entry;
}

export async function wantStill(entry) {
  await box.confirm(entry);
  box.sendAll();
}

export const drop = (entry) => box.remove(entry);

const isLive = ({ state }) => ["new", "waiting", "unsure", "sending"].includes(state);
function tryAgain() {
  if (!navigator.onLine) return;
  wantKey();
  if (entries().some(isLive)) box.sendAll();
}

/* Who is signed in: the page says it, or, where the page is one kept for the time without a
   connection, what the hub said last. */
async function whoIsHere() {
  const { person } = document.getElementById("main")?.dataset ?? {};
  const last = (await box.recall("me")) ?? {};
  me = person && person !== last.person ? { person } : last;
  const asked = fetchMe();
  if (!me.person) await asked;
}

async function fetchMe() {
  try {
    const response = await fetch("/api/me", { signal: AbortSignal.timeout(5000) });
    if (response.ok) remember(await response.json());
    if (response.status === 401) remember({});
  } catch {
    /* no connection: what was said last stands */
  }
  for (const listener of listeners) listener({});
}

async function takeAll() {
  for (const entry of await box.all()) take(entry);
  box.sendAll();
}

/* The key to what is kept, from the hub once in a sign-in: with it what was sealed before is open again.
   Where the page is not secure there is no WebCrypto, and what waits lies open. */
async function fetchKey() {
  if (isOpened || !me.person || !globalThis.crypto?.subtle || Date.now() < nextAsk_ms) return;
  nextAsk_ms = Date.now() + KEY_AGAIN_MS;
  if (!(await box.has(me.person))) {
    const response = await fetch("/api/outbox-key", { signal: AbortSignal.timeout(5000) });
    const { person, key } = response.ok ? await response.json() : {};
    if (!key || person !== me.person) return;
    await box.learn(person, key);
  }
  isOpened = true;
  await takeAll();
}

/* Without an answer it is asked for again; until then nothing is lost, but open. */
const wantKey = () => fetchKey().catch(() => {});

async function start() {
  await whoIsHere();
  await box.clean(document.getElementById("main")?.dataset.person ?? null);
  await takeAll();
  wantKey();
  setInterval(tryAgain, AGAIN_MS);
  addEventListener("online", () => box.sendAll());
  addEventListener("online", wantKey);
}

/* What waits is read once, by whoever needs it first. */
export const opened = start();
