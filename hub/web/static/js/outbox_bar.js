/* Above the list: what has not been sent, what is asked about again, and what came to nothing. Never
   shown as done. The alarm that is open says it in its own bar. */

import { h } from "./dom.js";
import { drop, entries, isOpened, keepsOutbox, me, mine, onOutbox, opened, others, remember, wantStill } from "./outbox.js";
import { placeOf } from "./places.js";
import { alarms } from "./store.js";
import { t, timeOf } from "./text.js";
import { whoOf } from "./words.js";
import { onZone, storedAlarm } from "./zone.js";

const link = document.getElementById("link");
let openId = () => null;

/* With whom it is about, as far as this page knows. */
const nameOf = ({ action, kind, alarm }) => {
  const what = action === "help" ? t("ui.outbox.help") : t(`action.${action}`);
  const known = alarms.get(alarm) ?? storedAlarm(alarm);
  const about = [known && whoOf(known), kind && t(`kind.${kind}`)].filter(Boolean).join(", ");
  return about ? `${what} (${about})` : what;
};

/* It stays until it has been read. */
const ENDED = new Set(["refused", "over", "locked"]);
const TEXTS = { waiting: "ui.outbox.one", sending: "ui.outbox.sending", unsure: "ui.outbox.unsure" };

function said(entry) {
  const time = timeOf(entry.pressed_ms);
  if (entry.state === "locked") return t("ui.outbox.locked", { time });
  const about = { what: nameOf(entry), time };
  if (entry.state === "over") return t("ui.outbox.over", about);
  if (entry.state === "asks") return t(entry.was_unsure ? "ui.outbox.ask.unsure" : "ui.outbox.ask", about);
  if (entry.state !== "refused") return t(TEXTS[entry.state], about);
  return entry.text === null ? t("ui.outbox.after_refused", about) : t("ui.outbox.refused", { ...about, text: entry.text });
}

function buttons(entry) {
  const button = (text, onclick, primary) => h("button", { type: "button", class: primary ? "act primary" : "act", onclick }, text);
  if (entry.state === "asks") {
    return h("div", { class: "buttons" }, button(t("ui.outbox.send"), () => wantStill(entry), true), button(t("ui.outbox.drop"), () => drop(entry)));
  }
  if (ENDED.has(entry.state)) return h("div", { class: "buttons" }, button(t("ui.outbox.close"), () => drop(entry)));
  return null;
}

function item(entry) {
  const where = entry.alarm ? h("a", { href: `/alarms/${encodeURIComponent(entry.alarm)}` }, said(entry)) : said(entry);
  const bad = entry.state === "asks" || ENDED.has(entry.state);
  return h("li", { class: `message ${bad ? "bad" : "wait"}`, "data-state": entry.state }, h("p", { role: bad ? "alert" : "status" }, where), buttons(entry));
}

/* A look that was not told yet concerns nobody here; what is being sent at this moment either. */
function isTold(entry) {
  if (entry.state === "locked") return isOpened;
  return entry.action && entry.state !== "new" && !(entry.state === "sending" && !entry.was_unsure);
}
/* The alarm's own bar speaks of what may still come of it. */
const isShown = (entry) => isTold(entry) && (entry.alarm !== openId() || entry.state === "over");

/* What waits about an alarm of which the phone knows nothing else. */
export const waitingFor = (alarm) => {
  const found = mine().filter((entry) => isTold(entry) && entry.alarm === alarm);
  return found.length > 0 && h("ul", { class: "outbox" }, found.map(item));
};

function draw() {
  const place = placeOf("outbox");
  if (!place) return;
  const shown = mine().filter(isShown);
  const foreign = others().length;
  place.hidden = !shown.length && !foreign && keepsOutbox();
  place.setAttribute("aria-label", t("ui.outbox"));
  place.replaceChildren(
    ...(shown.length ? [h("ul", { class: "outbox" }, shown.map(item))] : []),
    ...(foreign ? [h("p", { class: "message wait" }, t("ui.outbox.other", { count: foreign }))] : []),
    ...(!keepsOutbox() && entries().length ? [h("p", { class: "message bad", role: "alert" }, t("ui.outbox.unkept"))] : []));
}

/* A page kept for the time without a connection does not know which other ways are proven: it is told
   what the last page knew. */
function showWays() {
  if (!link) return;
  const kept = !document.getElementById("main")?.dataset.person;
  if (kept) link.dataset.ways = me.ways ?? "";
  else if (me.person && me.ways !== link.dataset.ways) remember({ ...me, ways: link.dataset.ways });
}

export async function watchOutbox(open) {
  openId = open;
  onOutbox(draw);
  onZone(draw);
  addEventListener("popstate", draw);
  document.addEventListener("click", () => setTimeout(draw));
  await opened;
  onOutbox(showWays);
  showWays();
  draw();
}
