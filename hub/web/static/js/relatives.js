/* Relatives' pages: one form posts one command, and the page asks every few seconds what is new. */

import { jsonPost, noAnswer, toSignIn } from "./footer.js";
import { idFor, isAnswered, newId } from "./ids.js";
import { t } from "./text.js";

const FRESH_MS = 5000;
const said = document.getElementById("said");
const news = document.getElementById("news");
const fresh = document.getElementById("fresh");
const seen = new Set();

function say(tone, text) {
  const box = document.createElement("p");
  box.className = `message ${tone}`;
  box.textContent = text;
  said.replaceChildren(box);
}

function bodyOf(form, button) {
  const body = {};
  const fields = [...new FormData(form), ...(button?.name ? [[button.name, button.value]] : [])];
  for (const [name, value] of fields) body[name] = value;
  if ("agreed" in body) body.agreed = body.agreed === "yes";
  if ("arrive_within_s" in body) body.arrive_within_s = Number(body.arrive_within_s);
  return body;
}

async function post(form, button) {
  const words = button.textContent.trim();
  const body = bodyOf(form, button);
  const what = form.dataset.post + JSON.stringify(body);
  button.setAttribute("aria-disabled", "true");
  say("wait", t("ui.sending"));
  try {
    const response = await fetch(form.dataset.post, jsonPost({ id: idFor(what), ...body }));
    if (response.status === 401) return toSignIn();
    const answer = await response.json();
    if (response.status !== 202) isAnswered(what);
    if (response.status === 200) say("good", t("ui.done", { action: words }));
    else say(response.status === 202 ? "wait" : "bad", answer.text);
    if (response.status === 200 || response.status === 409) await redrawn();
  } catch (error) {
    say("bad", noAnswer(error));
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

const states = (root) => new Map([...root.querySelectorAll("[data-alarm]")].map((one) => [
  one.dataset.alarm,
  [...one.querySelectorAll("h2, .state")].map((part) => part.textContent.trim()).join(" "),
]));

/* Says what is new, in words, to whoever does not see the page change. */
function announce(before, after) {
  const changed = [...after].filter(([id, words]) => before.get(id) !== words);
  if (changed.length > 0) news.textContent = changed.map(([, words]) => words).join(". ");
  if (changed.some(([id]) => !before.has(id))) navigator.vibrate?.([300, 150, 300]);
}

/* Draws the page anew. Under somebody's hands only what changed their choices is drawn. */
async function refresh(own = false) {
  const response = await fetch(location.href, { signal: AbortSignal.timeout(8000) });
  if (response.redirected || response.status === 401) return toSignIn();
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const next = page.getElementById("fresh");
  const before = states(fresh);
  const same = [...states(next)].join() === [...before].join();
  const busy = fresh.querySelector("details[open], input:focus, [aria-disabled]");
  if (!own && same && busy) return;
  if (next.innerHTML === fresh.innerHTML) return;
  const key = fresh.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  announce(before, states(next));
  fresh.replaceChildren(...next.childNodes);
  const again = key && fresh.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (again) again.focus({ preventScroll: true });
  else if (key) document.getElementById("main").focus();
  see();
}

/* What the hub has answered stands, also where the page cannot be drawn at this moment. */
const redrawn = () => refresh(true).catch(() => {});

/* Opening the page is seeing the alarm: the hub then does not ring the next way at once. */
function see() {
  for (const one of document.querySelectorAll("[data-asks]")) {
    if (document.hidden || seen.has(one.dataset.alarm)) continue;
    seen.add(one.dataset.alarm);
    const body = { id: newId(), action: "see", seen_phase: one.dataset.phase };
    fetch(`/api/family/alarms/${encodeURIComponent(one.dataset.alarm)}/commands`, jsonPost(body)).catch(() => seen.delete(one.dataset.alarm));
  }
}

async function keepFresh() {
  if (document.hidden) return;
  try {
    await refresh();
    see();
  } catch {
    say("bad", t("ui.no_connection"));
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.post) return;
  event.preventDefault();
  if (!form.querySelector("[aria-disabled]")) post(form, event.submitter);
});
setInterval(keepFresh, FRESH_MS);
document.addEventListener("visibilitychange", keepFresh);
see();
