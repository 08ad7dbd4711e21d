/* Is this phone ready? What the browser knows is looked up here; what the hub knows, it writes. */

import { icon } from "./dom.js";
import { jsonPost } from "./footer.js";
import { newId } from "./ids.js";
import { isInstalled } from "./install.js";
import { refresh } from "./fresh.js";
import { current, isSupported, known, permit, subscribe } from "./push.js";
import { say } from "./said.js";
import { isOn, tryOut, wantSound } from "./sound.js";
import { t, timeOf } from "./text.js";
import { onWorker } from "./worker.js";

const ICONS = { ok: "check", warn: "info", bad: "warn" };
const SLOW_MS = 2000;
const element = (id) => document.getElementById(id);

function set(id, state, text) {
  const row = element(`check-${id}`);
  row.dataset.state = state;
  row.querySelector(".mark-icon").replaceChildren(icon(ICONS[state]));
  row.querySelector(".said").textContent = text;
}

function checkInstalled() {
  set("installed", isInstalled() ? "ok" : "warn", t(isInstalled() ? "ui.check.installed" : "ui.check.not_installed"));
}

function checkPermission() {
  const now = isSupported() ? Notification.permission : "none";
  const state = { granted: "ok", default: "warn" }[now] ?? "bad";
  set("permission", state, t(`ui.check.permission_${now}`));
  element("permit").hidden = now !== "default";
}

/* The phone and the hub must both know of it, or nothing arrives. */
async function checkSubscription() {
  const [mine, theirs] = await Promise.all([current(), known()]);
  const isKnown = Boolean(mine && theirs?.known);
  const unclear = mine && theirs === null;
  set("subscription", isKnown ? "ok" : unclear ? "warn" : "bad", t(isKnown ? "ui.check.subscribed" : unclear ? "ui.check.no_answer" : "ui.check.not_subscribed"));
  element("subscribe").hidden = isKnown || !isSupported() || Notification.permission !== "granted";
  const last = theirs?.last_receipt_at;
  set("receipt", last ? "ok" : "warn", last ? t("ui.check.receipt", { time: timeOf(last) }) : t("ui.check.no_receipt"));
}

async function checkConnection() {
  const from = performance.now();
  try {
    const { ok } = await fetch("/health", { cache: "no-store", signal: AbortSignal.timeout(8000) });
    const took_ms = Math.round(performance.now() - from);
    set("connection", ok && took_ms < SLOW_MS ? "ok" : "warn", t(ok ? "ui.check.connected" : "ui.check.starting", { ms: took_ms }));
  } catch {
    set("connection", "bad", t("ui.no_connection"));
  }
}

function checkSound() {
  set("sound", isOn() ? "ok" : "warn", t(isOn() ? "ui.check.sound" : "ui.check.no_sound"));
}

async function checkAll() {
  checkInstalled();
  checkPermission();
  checkSound();
  await Promise.all([checkSubscription(), checkConnection()]);
}

/* A test of push counts on a locked phone only, so it goes out in the moment the screen goes dark:
   afterwards a page sleeps. */
function armed(form) {
  const body = { id: newId(), action: "test", channel: form.elements.channel.value };
  const dialog = document.createElement("dialog");
  dialog.className = "sheet";
  dialog.setAttribute("aria-labelledby", "sheet-title");
  dialog.append(element("lock-sheet").content.cloneNode(true));
  const go = () => {
    if (!document.hidden) return;
    dialog.close();
    fetch("/api/duty/commands", { ...jsonPost(body), keepalive: true }).then(told, () => say("bad", t("ui.no_connection")));
  };
  dialog.querySelector("button").addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => {
    document.removeEventListener("visibilitychange", go);
    dialog.remove();
  });
  document.addEventListener("visibilitychange", go);
  document.body.append(dialog);
  dialog.showModal();
}

/* What has become of a test is said aloud too: a list that is drawn anew announces nothing. */
const TONES = { proven: "good", failed: "bad", testing: "wait" };
const ways = () => new Map([...document.querySelectorAll(".way")].map((row) => [row.dataset.channel, row.dataset]));
let before = ways();

function announce() {
  const now = ways();
  for (const [channel, { state, said }] of now) {
    if (said !== before.get(channel)?.said && TONES[state]) say(TONES[state], said);
  }
  before = now;
}

async function told(response) {
  const answer = await response.json();
  if (response.status !== 200) say(response.status === 202 ? "wait" : "bad", answer.text);
  await refresh();
}

document.addEventListener(
  "submit",
  (event) => {
    if (!("lock" in event.target.dataset)) return;
    event.preventDefault();
    event.stopPropagation();
    armed(event.target);
  },
  true,
);
element("permit").addEventListener("click", () => permit().then(checkAll));
element("subscribe").addEventListener("click", () => subscribe().then(checkAll));
element("try-sound").addEventListener("click", async () => {
  await wantSound(true);
  await tryOut();
  checkSound();
});
document.addEventListener("varde-fresh", announce);
onWorker("answered", () => Promise.all([refresh(), checkAll()]));
onWorker("pushed", () => Promise.all([refresh(), checkSubscription()]));
document.addEventListener("visibilitychange", () => document.hidden || Promise.all([refresh(), checkAll()]).catch(() => {}));
addEventListener("online", checkAll);
addEventListener("offline", checkAll);

const platform = /iPhone|iPad/.test(navigator.userAgent) ? "ios" : /Android/.test(navigator.userAgent) ? "android" : "";
document.querySelector(`[data-platform="${platform}"]`)?.setAttribute("open", "");
checkAll();
