/* The pages that the server writes: forms that post one command each, and lists that stay fresh. */

import "./hold.js";
import { jsonPost, noAnswer, toSignIn } from "./footer.js";
import { idFor, isAnswered } from "./ids.js";
import { emptyTab, show } from "./opens.js";
import { t } from "./text.js";

const FRESH_MS = 20000;
const LOCK_MS = 2000;
const SAID = "varde-said";
const said = document.getElementById("said");
const fresh = document.getElementById("fresh");

export function say(tone, text) {
  said.className = `message ${tone}`;
  said.setAttribute("role", tone === "bad" ? "alert" : "status");
  said.textContent = text;
  said.hidden = text === "";
  if (tone === "bad") said.scrollIntoView({ block: "nearest" });
}

/* Fields as JSON: "new.kind" goes into {"new": {"kind"}}, an empty field is left out. */
function bodyOf(form) {
  const body = {};
  for (const [name, value] of new FormData(form)) {
    if (value === "") continue;
    const path = name.split(".");
    const last = path.pop();
    const field = form.elements[name];
    const number = field.type === "number" || field.dataset?.as === "number";
    const typed = number ? Number(value) : field.dataset?.as === "yes" || value;
    path.reduce((inner, key) => (inner[key] ??= {}), body)[last] = typed;
  }
  return body;
}

async function post(form) {
  const button = form.querySelector("button[type=submit]");
  button.setAttribute("aria-disabled", "true");
  const tab = "opens" in form.dataset ? emptyTab() : null;
  const body = bodyOf(form);
  const what = form.dataset.post + JSON.stringify(body);
  say("wait", t("ui.sending"));
  try {
    const response = await fetch(form.dataset.post, jsonPost({ id: idFor(what), ...body }));
    if (response.status === 401) return toSignIn();
    const answer = await response.json();
    if (response.status === 200 && answer.url) show(tab, answer.url, said);
    else tab?.close();
    if (response.status !== 202) isAnswered(what);
    if (response.status === 200) return await done(form);
    say(response.status === 202 ? "wait" : "bad", answer.text);
    if (response.status === 409) await redrawn();
  } catch (error) {
    tab?.close();
    say("bad", noAnswer(error));
  } finally {
    button.removeAttribute("aria-disabled");
  }
}

async function done(form) {
  const text = t("ui.done", { action: form.querySelector("button[type=submit]").firstChild.textContent.trim() });
  document.dispatchEvent(new CustomEvent("varde-done", { detail: { ...form.dataset } }));
  if (form.dataset.next) {
    sessionStorage.setItem(SAID, text);
    location.assign(form.dataset.next);
    return;
  }
  say("good", text);
  await redrawn();
  said.tabIndex = -1;
  if (document.activeElement === document.body) said.focus();
}

/* Draws the list anew; the focus stays where it was. */
export async function refresh() {
  const response = await fetch(location.href, { signal: AbortSignal.timeout(8000) });
  if (response.redirected) return toSignIn();
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  const next = page.getElementById("fresh");
  if (!next || next.innerHTML === fresh.innerHTML) return;
  const key = fresh.contains(document.activeElement) ? document.activeElement.dataset.key : undefined;
  fresh.replaceChildren(...next.childNodes);
  if (key) fresh.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
  document.dispatchEvent(new Event("varde-fresh"));
}

/* What the hub has answered stands, also where the list cannot be drawn at this moment. */
const redrawn = () => refresh().catch(() => {});

/* Never under somebody's hands, and never while the hub is asked. */
async function keepFresh() {
  const field = document.activeElement.matches("input, select, textarea, summary") && fresh.contains(document.activeElement);
  if (document.hidden || field || fresh.querySelector("details[open], [aria-disabled]")) return;
  try {
    await refresh();
  } catch {
    say("bad", t("ui.no_connection"));
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.post) return;
  event.preventDefault();
  if (form.querySelector("[aria-disabled]")) return;
  post(form);
});
document.getElementById("print")?.addEventListener("click", () => print());
if (fresh) {
  setInterval(keepFresh, FRESH_MS);
  setInterval(() => fresh.querySelector('[data-lock-state="asked"], [data-live]') && keepFresh(), LOCK_MS);
  document.addEventListener("visibilitychange", keepFresh);
}
const carried = sessionStorage.getItem(SAID);
if (carried) {
  sessionStorage.removeItem(SAID);
  say("good", carried);
}
