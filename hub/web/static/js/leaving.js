/* Before somebody signs out: whether they know that they have an open alarm. */

import { h } from "./dom.js";
import { ask, sheetFoot } from "./sheets.js";
import { t } from "./text.js";

const LOOK_MS = 3000;

/* How many open alarms the person has, as the hub says it; rejected where it does not answer. */
async function owns() {
  const response = await fetch("/api/me", { signal: AbortSignal.timeout(LOOK_MS) });
  return response.ok ? (await response.json()).owns : 0;
}

const question = (count) =>
  ask(t("ui.sign_out.title"), (choose, cancel) =>
    h("div", {},
      h("p", { class: "lead" }, t("ui.sign_out.owns", { count })),
      h("a", { class: "act primary", href: "/duty" }, t("ui.sign_out.duty")),
      sheetFoot(cancel, h("button", { type: "button", class: "act danger", onclick: () => choose(true) }, t("ui.sign_out.go")))));

export async function isSure() {
  const count = await owns();
  return count === 0 || question(count);
}
