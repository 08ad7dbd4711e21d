/* The phone's subscription to push: asked for by a tap, and known to the hub. */

import { jsonPost } from "./footer.js";
import { getJson } from "./store.js";
import { registration } from "./worker.js";

const KEPT = "varde-push-kept";

export const isSupported = () => isSecureContext && Boolean(window.PushManager && window.Notification);

function bytes(base64url) {
  const plain = atob(base64url.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

const isSame = (buffer, key) => buffer && new Uint8Array(buffer).every((byte, at) => byte === key[at]);

async function manager() {
  return isSupported() ? (await registration)?.pushManager ?? null : null;
}

export async function current() {
  return (await (await manager())?.getSubscription()) ?? null;
}

/* Subscribes with the hub's key; one made with another key reaches nobody and is replaced. */
async function subscribeWith(push, key) {
  const known = await push.getSubscription();
  if (known && isSame(known.options.applicationServerKey, bytes(key))) return known;
  await known?.unsubscribe();
  return push.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
}

/* Makes the subscription and tells the hub; false where that failed. Errors of the browser's push
   service (no network, blocked) are the same to whoever presses: it did not work. */
export async function subscribe() {
  const push = await manager();
  if (!push || Notification.permission !== "granted") return false;
  try {
    const { key } = (await getJson("/api/push/key")).body;
    const { endpoint, keys } = (await subscribeWith(push, key)).toJSON();
    const response = await fetch("/api/push/subscription", jsonPost({ endpoint, keys, key }));
    return response.ok;
  } catch {
    return false;
  }
}

/* Asks for permission; browsers want a tap before it. */
export async function permit() {
  const answer = await Notification.requestPermission();
  return answer === "granted" && subscribe();
}

/* Once for each person at this phone: a phone that may be pushed to is known to the hub as theirs,
   also after the one before them has signed out, and after the hub's key has changed. */
export async function keep(person) {
  if (!person) return sessionStorage.removeItem(KEPT);
  if (!isSupported() || Notification.permission !== "granted" || sessionStorage.getItem(KEPT) === person) return;
  const theirs = await known();
  if (theirs?.known || (theirs && (await subscribe()))) sessionStorage.setItem(KEPT, person);
}

/* What the hub knows of this phone; null without an answer. */
export async function known() {
  try {
    const { ok, body } = await getJson("/api/push/subscription");
    return ok ? body : null;
  } catch {
    return null;
  }
}
