/* Where a device is: a button while its position is known. The map behind it is fetched when it is
   asked for first. */

import { h, icon } from "./dom.js";
import { t } from "./text.js";

let map = null;
/* For which alarm the map is on its way, and for which it did not come. */
let awaited = null;
let failed = null;
let changed = () => {};

export const onMap = (listener) => (changed = listener);

async function open(id) {
  [awaited, failed] = [id, null];
  changed(id);
  try {
    map ??= await import("./map.js");
  } catch {
    failed = id;
  }
  if (awaited !== id) return;
  awaited = null;
  if (failed) changed(id);
  else map.open(id, changed);
}

function close(id) {
  awaited = null;
  map?.close();
  changed(id);
}

export function mapSection(alarm) {
  const one = map?.shownFor(alarm.id) ?? null;
  if (!alarm.position) {
    if (one) queueMicrotask(map.close);
    return null;
  }
  const isFailed = failed === alarm.id || one?.state === "failed";
  const isOpen = awaited === alarm.id || (one !== null && !isFailed);
  const button = h("button", { type: "button", class: "act", "data-key": "map", "aria-expanded": String(isOpen), onclick: () => (isOpen ? close(alarm.id) : open(alarm.id)) },
    icon("pin"), h("span", {}, t(isOpen ? "ui.map.hide" : "ui.map.show")));
  return h("section", { class: "where" }, button,
    isFailed && h("p", { class: "message bad", role: "alert" }, t("ui.map.failed")),
    one?.state === "open" && [one.box, one.caption]);
}
