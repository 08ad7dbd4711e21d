/* The worker's own life: which files it keeps, which page stands in without a connection, and how a
   new version takes over. What is known of people is never kept here. */

const SHELL = `varde-shell-${VARDE.version}`;
const ANSWER_MS = 10000;
const NO_HUB = new Set([502, 503, 504]);
const handlers = new Map();
const syncs = new Map();
let newer = false;

const onMessage = (type, handler) => handlers.set(type, handler);
const onSync = (tag, handler) => syncs.set(tag, handler);

async function tellPages(message) {
  const pages = await clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const page of pages) page.postMessage(message);
}

async function languageNow() {
  const chosen = await kept.get("settings", "language").catch(() => null);
  return chosen ?? Object.keys(VARDE.texts).find((one) => navigator.language.startsWith(one)) ?? "nb";
}

async function keepShell() {
  const cache = await caches.open(SHELL);
  await cache.addAll(VARDE.shell.map((path) => new Request(path, { cache: "no-cache", credentials: "omit" })));
  await skipWaiting();
}

/* Every alarm must meet the newest worker, so it takes over at once. What waits to be sent lies in a
   database that no version owns; a page is told, and draws itself anew when nobody is using it. */
async function takeOver() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("varde-shell-") && name !== SHELL).map((name) => caches.delete(name)));
  await clients.claim();
  await tellPages({ type: "version", version: VARDE.version });
}

const inShell = async (path) => (await caches.open(SHELL)).match(path, { ignoreVary: true });

async function standIn(name) {
  return (await inShell(`/${name}/${await languageNow()}`)) ?? Response.error();
}

const tooLate = () => new Promise((_, fail) => setTimeout(() => fail(new Error("late")), ANSWER_MS));

/* A page comes from the hub or not at all: one that is old and looks new would be a lie. */
async function pageFor(request) {
  let response;
  try {
    response = await Promise.race([fetch(request), tooLate()]);
  } catch {
    return standIn("offline");
  }
  if (NO_HUB.has(response.status)) return standIn("offline");
  const version = response.headers.get("x-varde-version");
  newer = version !== null && version !== VARDE.version;
  if (newer) registration.update().catch(() => {});
  if (response.type === "opaqueredirect" && (await callAt(request.url))) return standIn("called");
  return response;
}

/* The call whose alarm stands in the address, when a right of it is kept on this phone. */
async function callAt(url) {
  const [, place, id] = new URL(url).pathname.split("/");
  if (place !== "alarms" || !id) return null;
  try {
    return await kept.get("calls", decodeURIComponent(id));
  } catch {
    return null; /* no store, or an address that no encoder writes: no call */
  }
}

/* Kept files belong to pages of their own version only. */
async function fileFor(request) {
  const found = newer ? null : await inShell(new URL(request.url).pathname);
  if (found) return found;
  try {
    return await fetch(request);
  } catch (error) {
    const old = await inShell(new URL(request.url).pathname);
    if (old) return old;
    throw error;
  }
}

addEventListener("install", (event) => event.waitUntil(keepShell()));
addEventListener("activate", (event) => event.waitUntil(takeOver()));
addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(pageFor(request));
  else if (/^\/(static|text)\//.test(pathname)) event.respondWith(fileFor(request));
});
addEventListener("message", (event) => {
  const handler = handlers.get(event.data?.type);
  if (handler) event.waitUntil(handler(event.data, event));
});
addEventListener("sync", (event) => {
  const handler = syncs.get(event.tag);
  if (handler) event.waitUntil(handler());
});

onMessage("language", ({ language }) => kept.put("settings", "language", language));
onMessage("version", (_, event) => event.source?.postMessage({ type: "version", version: VARDE.version }));
