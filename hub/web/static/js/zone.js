/* The homes of the zone on this phone: fetched when duty begins, shown when there is no connection,
   forgotten with the duty. Where the page is not secure there is no WebCrypto, and nothing is stored. */

import "./database.js";
import "./zone_store.js";
import { h, icon } from "./dom.js";
import { isConnected } from "./stream.js";
import * as outbox from "./outbox.js";
import { newId } from "./ids.js";
import { placeOf } from "./places.js";
import { t, timeOf } from "./text.js";

const store = globalThis.vardeZone;
const CHECK_MS = 30000;
const FRESH_MS = 3600000;
const opened = new Map();
let fetched_ms = 0;

/* Also for whoever ends the duty or the session. */
export async function erase() {
  opened.clear();
  stored = new Set();
  fetched_ms = 0;
  await store.erase();
}

async function fetchZone() {
  if (!globalThis.crypto?.subtle || !outbox.me.person) return;
  const response = await fetch("/api/zone", { signal: AbortSignal.timeout(15000) });
  if (response.status === 401 || response.status === 403 || response.status === 409) return erase();
  if (!response.ok) return;
  fetched_ms = Date.now();
  await store.keep(outbox.me.person, await response.json());
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
export const hasHome = (code) => stored.has(code);

async function lookUp() {
  const zone = await store.listed(outbox.me.person);
  stored = new Set(zone?.codes);
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
  const details = h("details", { "data-home": code }, h("summary", {}, icon("home"), h("span", {}, t("ui.zone.code", { code }))), box);
  details.addEventListener("toggle", async () => {
    if (!details.open || box.childElementCount) return;
    const home = await openHome(code);
    if (home) box.replaceChildren(homeFacts(home));
    else details.remove();
  });
  return h("li", {}, details);
}

let shown = "";

/* The list is there only while the connection is not: otherwise the hub is asked. */
async function draw() {
  const place = placeOf("zone");
  if (!place || (isConnected() && place.hidden)) return;
  const found = await lookUp();
  const zone = isConnected() ? null : found;
  const now = zone ? `${zone.until} ${zone.codes.join(" ")}` : "";
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
    h("ul", { class: "homes" }, zone.codes.map(row)));
}

async function look() {
  await lookUp();
  if (isConnected() && Date.now() - fetched_ms > FRESH_MS) await fetchZone().catch(() => {});
}

export async function watchZone() {
  await outbox.opened;
  setInterval(draw, 1000);
  setInterval(look, CHECK_MS);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  await fetchZone().catch(() => {});
  draw();
}
