/* What the server has written stays true: the part of the page that is called `fresh` is drawn anew by
   the clock, when somebody looks at the page again, and after every answer; and never under somebody's
   hands, unless what it tells about an alarm has changed. */

import { drawWhenLifted } from "./dom.js";
import { toSignIn } from "./footer.js";
import { say } from "./said.js";
import { t } from "./text.js";

const EVERY_S = 20;
const LOCK_MS = 2000;
const HANDS = "details[open], :is(input, select, textarea, summary):focus, [aria-disabled]";
const fresh = document.getElementById("fresh");
let isLost = false;

/* What the page tells about each alarm, in words. */
const wordsOf = (one) => [...one.querySelectorAll("h2, .state")].map((part) => part.textContent.trim()).join(" ");
export const states = (root = fresh) => new Map([...root.querySelectorAll("[data-alarm]")].map((one) => [one.dataset.alarm, wordsOf(one)]));

const isSame = (next) => JSON.stringify([...states(next)]) === JSON.stringify([...states()]);

/* The focus stays where it was; where that is gone it is not left to fall to the top of the page. */
function draw(next) {
  const held = fresh.contains(document.activeElement);
  const { key } = document.activeElement.dataset;
  fresh.replaceChildren(...next.childNodes);
  const again = held && key ? fresh.querySelector(`[data-key="${CSS.escape(key)}"]`) : null;
  again?.focus({ preventScroll: true });
  if (held && document.activeElement === document.body) document.getElementById("main").focus({ preventScroll: true });
  document.dispatchEvent(new Event("varde-fresh"));
}

function heard() {
  if (isLost) say("", "");
  isLost = false;
}

/* Rejected where the hub does not answer. Not `isWanted`: only if nobody has their hands in it. */
export async function refresh(isWanted = true) {
  const response = await fetch(location.href, { signal: AbortSignal.timeout(8000) });
  if (response.redirected || response.status === 401) return toSignIn();
  if (response.status >= 500) throw new Error(String(response.status));
  heard();
  if (!response.ok) return;
  const next = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("fresh");
  if (!next || next.innerHTML === fresh.innerHTML) return;
  if (isWanted || !fresh.querySelector(HANDS) || !isSame(next)) drawWhenLifted("fresh", () => draw(next));
}

/* What the hub has answered stands, also where the page cannot be drawn at this moment. */
export const redrawn = () => refresh().catch(() => {});

function lost() {
  isLost = true;
  say("bad", t("ui.stale"));
}

const keepFresh = () => document.hidden || refresh(false).catch(lost);

if (fresh) {
  setInterval(keepFresh, (fresh.dataset.everyS ?? EVERY_S) * 1000);
  setInterval(() => fresh.querySelector('[data-lock-state="asked"], [data-live]') && keepFresh(), LOCK_MS);
  document.addEventListener("visibilitychange", keepFresh);
  /* A page that comes back from the back/forward cache stands as it was left, whoever is signed in now. */
  addEventListener("pageshow", ({ persisted }) => persisted && refresh().catch(lost));
}
