/* One stream of server-sent events, and honesty about whether it lives. */

import { serverSays } from "./clock.js";
import * as store from "./store.js";

const OLD_MS = 40000;
const AGAIN_MS = 2000;
let source = null;
let heardAt = Date.now();
let open = false;
let whole = false;
let tell = () => {};

export const isConnected = () => open && whole && navigator.onLine;

/* Not connected, and not only because nothing has been answered yet. */
let failing = document.body.classList.contains("offline");
export const isLost = () => !isConnected() && (failing || !navigator.onLine);

function report() {
  const silent_ms = Date.now() - heardAt;
  const lost = !isConnected() || silent_ms > OLD_MS;
  tell({ lost, old: lost && silent_ms > OLD_MS, since: heardAt });
}

function heard(event) {
  heardAt = Date.now();
  open = true;
  failing = false;
  store.seen(event.lastEventId);
  report();
}

async function mayBeSignedOut() {
  try {
    await store.getJson("/api/me");
  } catch {
    /* no connection: the bar says so already */
  }
}

function failed() {
  open = false;
  failing = true;
  report();
  if (source.readyState !== EventSource.CLOSED) return;
  mayBeSignedOut();
  setTimeout(connect, AGAIN_MS);
}

export function connect() {
  source?.close();
  const from = store.cursor ? `?cursor=${encodeURIComponent(store.cursor)}` : "";
  source = new EventSource(`/api/stream${from}`);
  source.addEventListener("error", failed);
  source.addEventListener("beat", (event) => {
    serverSays(JSON.parse(event.data).now);
    heard(event);
  });
  source.addEventListener("alarm", (event) => {
    heard(event);
    store.apply(JSON.parse(event.data));
  });
  source.addEventListener("resync", (event) => {
    heard(event);
    takeAnew();
  });
}

/* A list with holes in it is never shown as fresh: asked for until it has come. */
async function takeAnew() {
  for (;;) {
    try {
      whole = await store.refetch();
    } catch {
      whole = false;
    }
    failing ||= !whole;
    report();
    if (whole) return;
    await new Promise((again) => setTimeout(again, AGAIN_MS));
  }
}

/* What comes back from the back/forward cache stands as it was left: none of it counts as fresh before
   the hub has told it anew. */
function leave() {
  source?.close();
  open = whole = false;
  report();
}

async function comeBack() {
  leave();
  await takeAnew();
  connect();
}

/* Fetches the list, then follows it; `listener` hears {lost, old, since} at least every second. */
export async function start(listener) {
  tell = listener;
  setInterval(() => {
    report();
    if (open && Date.now() - heardAt > OLD_MS) {
      open = false;
      failing = true;
      connect();
    }
  }, 1000);
  addEventListener("offline", report);
  addEventListener("online", connect);
  addEventListener("pagehide", ({ persisted }) => persisted && leave());
  addEventListener("pageshow", ({ persisted }) => persisted && comeBack());
  document.addEventListener("visibilitychange", () => document.hidden || isConnected() || connect());
  await takeAnew();
  heardAt = Date.now();
  connect();
}
