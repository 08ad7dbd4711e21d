/* The homes of the zone on this phone: fetched when duty begins, shown when there is no connection,
   forgotten with the duty. Where the page is not secure there is no WebCrypto, and nothing is stored. */

import "./database.js";
import "./zone_store.js";
import { h, icon } from "./dom.js";
import { isConnected, isLost } from "./stream.js";
import * as outbox from "./outbox.js";
import { newId } from "./ids.js";
import { placeOf } from "./places.js";
import { alarms, cursor, onChange } from "./store.js";
import { t, timeOf } from "./text.js";
import { toneOf } from "./words.js";

const store = globalThis.vardeZone;
const CHECK_MS = 30000;
const FRESH_MS = 3600000;
const opened = new Map();
const listeners = [];
let fetched_ms = 0;
let hasCome = false;

/* Hears when what is stored about alarms has changed. */
export const onZone = (listener) => listeners.push(listener);

/* Also for whoever ends the duty or the session. */
export async function erase() {
  opened.clear();
  stored = new Set();
  about = new Map();
  fetched_ms = 0;
  hasCome = false;
  await store.erase();
}

/* The alarms that this person has or is called to, each with the home it is about: no names. */
const mine = () =>
  [...alarms.values()]
    .filter((alarm) => alarm.resident && alarm.phase !== "closed" && (alarm.mine || alarm.calls_me || alarm.asks_me || alarm.entry))
    .map(({ id, resident, kind, category, severity, phase, mine, received_at }) => ({ id, resident, kind, category, severity, phase, mine, received_at }));

let kept = "";
let writing = Promise.resolve();

/* What the hub has told in whole, and nothing else, takes the place of what was known. */
function keepAlarms() {
  const found = JSON.stringify(mine());
  if (cursor === null || found === kept) return;
  kept = found;
  writing = writing.then(() => store.keepAlarms(outbox.me.person, JSON.parse(found))).catch(() => {});
}

async function fetchZone() {
  if (!globalThis.crypto?.subtle || !outbox.me.person) return;
  const response = await fetch("/api/zone", { signal: AbortSignal.timeout(15000) });
  if (response.status === 401 || response.status === 403 || response.status === 409) return erase();
  if (!response.ok) return;
  fetched_ms = Date.now();
  await store.keep(outbox.me.person, await response.json(), mine());
  kept = "";
  keepAlarms();
  await lookUp();
}

/* Opens a stored home. That it was looked at is told to the hub, now or when there is a connection. */
export async function openHome(code, alarm = null) {
  const home = await store.open(outbox.me.person, code);
  if (home && !opened.has(code)) {
    opened.set(code, home);
    await outbox.put({ kind: null, path: "/api/zone/opened", body: { id: newId(), code, ...(alarm && { alarm }), ago_s: 0 }, always: true });
  }
  return home;
}

/* What is stored, as it was last looked up: to know at once whether there is something to open. */
let stored = new Set();
let about = new Map();
export const hasHome = (code) => stored.has(code);

/* An alarm as far as the phone knows it where there is no hub to ask; undefined when it does not. */
export const storedAlarm = (id) => about.get(id);

const known = (alarm) => ({ ...alarm, resident_name: t("ui.zone.code", { code: alarm.resident }), owner_name: t("ui.zone.colleague") });

async function lookUp() {
  const zone = await store.listed(outbox.me.person);
  const before = [...about.keys()].join();
  hasCome ||= zone !== null;
  stored = new Set(zone?.codes);
  about = new Map(zone?.alarms.map((alarm) => [alarm.id, known(alarm)]));
  if ([...about.keys()].join() !== before) for (const listener of listeners) listener();
  return zone;
}

/* What is known of a home; `shown` is what stands on the page already. */
export const homeFacts = (home, shown = {}) =>
  h("dl", { class: "facts entry" },
    home.address && home.address !== shown.address && h("div", {}, h("dt", {}, t("ui.address")), h("dd", {}, home.address)),
    h("div", {}, h("dt", {}, t("ui.entry")), h("dd", {}, home.entry_note ?? t("ui.entry.none"))),
    home.important_note && home.important_note !== shown.important_note && h("div", {}, h("dt", {}, t("ui.important_note")), h("dd", {}, home.important_note)));

function row(code) {
  const box = h("div", { class: "home-open" });
  const alarm = [...about.values()].find(({ resident }) => resident === code);
  const says = alarm && h("span", { class: `chip strong ${toneOf(alarm)}` }, t("ui.zone.alarm", { kind: t(`kind.${alarm.kind}`) }));
  const details = h("details", { "data-home": code }, h("summary", {}, icon("home"), h("span", { class: "home-says" }, h("span", {}, t("ui.zone.code", { code })), says)), box);
  details.addEventListener("toggle", async () => {
    if (!details.open || box.childElementCount) return;
    const home = await openHome(code, alarm?.id);
    if (home) box.replaceChildren(homeFacts(home));
    else details.remove();
  });
  return h("li", {}, details);
}

let shown = "";

/* Those with an alarm first: of a code alone nobody knows which home they are on the way to. */
function sorted(codes) {
  const calls = new Set([...about.values()].map(({ resident }) => resident));
  return [...codes].sort((a, b) => calls.has(b) - calls.has(a));
}

/* The list is there only while the connection is known to be lost: otherwise the hub is asked. */
async function draw() {
  const place = placeOf("zone");
  if (!place || (!isLost() && place.hidden)) return;
  const found = await lookUp();
  const zone = isLost() ? found : null;
  const now = zone ? [zone.until, ...zone.codes, ...about.keys()].join(" ") : "";
  if (now === shown) return;
  shown = now;
  place.hidden = !zone?.codes.length;
  if (!zone) {
    opened.clear();
    place.replaceChildren();
    return;
  }
  place.replaceChildren(
    h("h2", {}, t("ui.zone"), h("span", { class: "count" }, String(zone.codes.length))),
    h("p", { class: "soft" }, t("ui.zone.lead", { time: timeOf(zone.until) })),
    h("ul", { class: "homes" }, sorted(zone.codes).map(row)));
}

/* Asked for again by the hour, and when a shift is over: the next may have begun. */
async function look() {
  const isOver = (await lookUp()) === null && hasCome;
  if (isConnected() && (isOver || Date.now() - fetched_ms > FRESH_MS)) await fetchZone().catch(() => {});
}

export async function watchZone() {
  onChange(keepAlarms);
  await outbox.opened;
  await lookUp();
  setInterval(draw, 1000);
  setInterval(look, CHECK_MS);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  await fetchZone().catch(() => {});
  draw();
}
