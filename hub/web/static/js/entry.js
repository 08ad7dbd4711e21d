/* How one gets in: asked for by a tap that the hub writes down before it answers. Without a connection
   what the phone has stored for the shift is opened, and that is told afterwards. */

import { jsonPost, toSignIn } from "./footer.js";
import { h, icon } from "./dom.js";
import { newId } from "./ids.js";
import { navigate } from "./navigate.js";
import { isLost } from "./stream.js";
import { t } from "./text.js";
import { isOpen } from "./words.js";
import { hasHome, homeFacts, openHome } from "./zone.js";

const told = new Map();
let changed = () => {};

export const onEntry = (listener) => (changed = listener);

/* Whether there is something to show: the hub says so, or there is no hub and it is stored here. */
function canAsk(alarm) {
  if (!isOpen(alarm)) return false;
  return alarm.entry === true || (isLost() && Boolean(alarm.resident) && hasHome(alarm.resident));
}

async function fromHub(alarm, tap) {
  const response = await fetch(`/api/alarms/${encodeURIComponent(alarm.id)}/entry`, jsonPost({ id: tap }));
  if (response.status === 401) return toSignIn();
  const body = await response.json();
  return response.ok ? { home: body } : { problem: body.text };
}

async function fromPhone(alarm) {
  const home = alarm.resident && (await openHome(alarm.resident, alarm.id));
  return home ? { home, stored: true } : { problem: t("ui.entry.no_connection") };
}

async function ask(alarm) {
  const tap = told.get(alarm.id)?.tap ?? newId();
  told.set(alarm.id, { tap, asking: true });
  changed(alarm.id);
  let found;
  try {
    found = isLost() ? await fromPhone(alarm) : await fromHub(alarm, tap);
  } catch {
    found = await fromPhone(alarm);
  }
  if (!found) return;
  told.set(alarm.id, { ...found, tap });
  changed(alarm.id);
}

/* A secret address is not handed on to another map. */
function answer(alarm, { home, stored }) {
  const route = home.address && home.address !== alarm.address && !home.protected && navigate(home.address);
  return [homeFacts(home, alarm), stored && h("p", { class: "soft" }, t("ui.entry.stored")), route];
}

export function entrySection(alarm) {
  if (!canAsk(alarm)) {
    if (!isOpen(alarm) || alarm.entry === false) told.delete(alarm.id);
    return null;
  }
  const found = told.get(alarm.id);
  // What the phone has stored has the address in it, where nothing else here has.
  const show = alarm.address === undefined ? "ui.entry.show_address" : "ui.entry.show";
  const button = h("button", { type: "button", class: "act", "data-key": "entry", "aria-disabled": found?.asking ? "true" : false, onclick: () => found?.asking || ask(alarm) },
    icon("key"), h("span", {}, t(found?.asking ? "ui.sending" : show)));
  return h("section", { class: "way-in", "aria-label": t("ui.entry") },
    found?.home ? answer(alarm, found) : [button, h("p", { class: "soft" }, t("ui.entry.logged"))],
    found?.problem && h("p", { class: "message bad", role: "alert" }, found.problem));
}
