/* Puts the page together: which alarm is open, what is new, what changed. */

import { decoded } from "./address.js";
import { onProgress } from "./commands.js";
import { redrawDetail, refreshDetail, show } from "./detail.js";
import { drawWhenLifted } from "./dom.js";
import "./footer.js";
import "./hold.js";
import { showLink } from "./link.js";
import { drawList, markFresh } from "./list.js";
import { watchOutbox } from "./outbox_bar.js";
import { ring } from "./sound.js";
import { alarms, onChange } from "./store.js";
import { start } from "./stream.js";
import { t } from "./text.js";
import { isExercise, kindOf, statusText, whoOf } from "./words.js";
import { onZone, watchZone } from "./zone.js";
import { onWorker, tellWorker } from "./worker.js";

const polite = document.getElementById("polite");
const assertive = document.getElementById("assertive");
const wide = matchMedia("(min-width: 900px)");

function openId() {
  const [, place, id] = location.pathname.split("/");
  return place === "alarms" && id ? decoded(id) : null;
}

const draw = () => drawWhenLifted("list", () => drawList(openId()));

function showTitle() {
  const waiting = [...alarms.values()].filter((alarm) => alarm.phase === "looking").length;
  document.title = [waiting > 0 && `(${waiting})`, t("ui.alarms"), "·", "Varde"].filter(Boolean).join(" ");
}

function go(path, keep = true) {
  if (keep) history.pushState(null, "", path);
  const id = openId();
  document.body.classList.toggle("one", id !== null);
  draw();
  show(id);
  if (!wide.matches) scrollTo(0, 0);
}

/* New, called now, or gone off again: worth a sound where it calls this person, and words for all. */
function announce(before, after) {
  const isNew = !before && after.phase === "looking";
  const again = before && after.activations > before.activations;
  const wanted = (alarm) => alarm?.calls_me || alarm?.asks_me;
  const callsNow = wanted(after) && (!wanted(before) || again);
  if (isNew || again) {
    markFresh(after.id, draw);
    assertive.textContent = t(isNew ? "ui.new_alarm" : "ui.again_alarm", { kind: kindOf(after), who: whoOf(after) });
  } else if (before && (before.phase !== after.phase || before.owner !== after.owner)) {
    polite.textContent = [whoOf(after), statusText(after)].join(": ");
  }
  if (callsNow || (again && after.mine)) ring(isExercise(after));
  if (before?.calls_me && !after.calls_me) tellWorker({ type: "over", alarm: after.id });
}

onChange(({ before, after }) => {
  if (after) announce(before, after);
  const touched = !after || after.id === openId();
  const told = after && after.timeline !== before?.timeline;
  draw();
  showTitle();
  if (touched) redrawDetail();
  if (touched && !told) refreshDetail();
});
onProgress((id) => id === openId() && redrawDetail());
watchOutbox(openId);
onZone(redrawDetail);
watchZone();

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='/']");
  const inside = link && /^\/($|alarms\/)/.test(link.getAttribute("href"));
  if (!inside || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  const from = openId();
  go(link.getAttribute("href"));
  if (from && !openId()) document.querySelector(`[data-key="${CSS.escape(from)}"]`)?.focus();
});
addEventListener("popstate", () => go(location.pathname, false));

/* A tapped notification: the alarm opens in the page that is here already. */
onWorker("open", ({ path }) => (/^\/($|alarms\/)/.test(path) ? go(path) : location.assign(path)));

go(location.pathname, false);
start(showLink);

/* What opens on a tap, and the wake lock, come after what people see first. */
function fetchRest() {
  import("./more.js").catch(() => {});
  import("./wake.js").then(({ start: stayAwake }) => stayAwake()).catch(() => {});
}
if (document.readyState === "complete") fetchRest();
else addEventListener("load", fetchRest, { once: true });
