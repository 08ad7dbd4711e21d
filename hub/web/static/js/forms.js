/* Forms that post one command each, on the pages that the server writes. */

import { sendEarly } from "./early_sent.js";
import { ended } from "./ends.js";
import { noAnswer, toSignIn } from "./footer.js";
import { redrawn } from "./fresh.js";
import { idFor, isAnswered } from "./ids.js";
import { emptyTab, show } from "./opens.js";
import { focusSaid, say } from "./said.js";
import { t } from "./text.js";

const SAID = "varde-said";
const underWay = new Set();

function typed(field, value) {
  if (field?.dataset?.as === "yes") return value === "yes";
  return field?.type === "number" || field?.dataset?.as === "number" ? Number(value) : value;
}

/* Fields, and the button that was pressed, as JSON: "new.kind" goes into {"new": {"kind"}}, an empty
   field is left out. */
function bodyOf(form, button) {
  const body = {};
  const fields = [...new FormData(form)].map(([name, value]) => [name, value, form.elements[name]]);
  if (button.name) fields.push([button.name, button.value, button]);
  for (const [name, value, field] of fields) {
    if (value === "") continue;
    const path = name.split(".");
    const last = path.pop();
    path.reduce((inner, key) => (inner[key] ??= {}), body)[last] = typed(field, value);
  }
  return body;
}

/* An answer that does not come leaves its id: asked again it is the same command. */
async function post(form, button) {
  const body = bodyOf(form, button);
  const what = form.dataset.post + JSON.stringify(body);
  if (underWay.has(what)) return;
  underWay.add(what);
  button.setAttribute("aria-disabled", "true");
  const tab = "opens" in form.dataset ? emptyTab() : null;
  say("wait", t("ui.sending"));
  try {
    const { status, answer } = await ended(form.dataset.post, { id: idFor(what), ...body }, (text) => say("wait", text));
    if (status === 401) return toSignIn();
    if (status === 200 && answer.url) show(tab, answer.url, document.getElementById("said"));
    else tab?.close();
    if (status !== 202) isAnswered(what);
    if (status === 200) return await done(form, button);
    say(status === 202 ? "wait" : "bad", answer.text);
    if (status === 409) await redrawn();
  } catch (error) {
    tab?.close();
    say("bad", noAnswer(error));
  } finally {
    underWay.delete(what);
    button.removeAttribute("aria-disabled");
  }
}

async function done(form, button) {
  const text = t("ui.done", { action: button.firstChild.textContent.trim() });
  document.dispatchEvent(new CustomEvent("varde-done", { detail: { ...form.dataset } }));
  if (form.dataset.next) {
    sessionStorage.setItem(SAID, text);
    location.assign(form.dataset.next);
    return;
  }
  say("good", text);
  await redrawn();
  if (document.activeElement === document.body) focusSaid();
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.post) return;
  event.preventDefault();
  if (!form.querySelector("[aria-disabled]")) post(form, event.submitter ?? form.querySelector("button[type=submit]"));
});

sendEarly();

const carried = sessionStorage.getItem(SAID);
if (carried) {
  sessionStorage.removeItem(SAID);
  say("good", carried);
}
