/* The sheet of everything that is seldom the next step, each with what it means. */

import { h, icon } from "./dom.js";
import { ask, sheetFoot } from "./sheets.js";
import { t } from "./text.js";
import { ACTION_ICONS } from "./words.js";

/* While nobody has it, being there or on the way also accepts it: the words say so. */
const SKIPS = { arrive: "ui.do.arrive_now", on_the_way: "ui.do.on_the_way_now" };
const EXPLAINED = new Set(["hand_over", "need_help", "join", "speak", "note", "choose", "jump", "reopen", "call_for_help"]);

function words(alarm, action) {
  if (action === "accept_in") return [t("ui.do.accept_in"), t("ui.do.accept_in.why")];
  if (alarm.phase === "looking" && SKIPS[action]) return [t(SKIPS[action]), t(`${SKIPS[action]}.why`)];
  if (alarm.phase === "on_the_way" && action === "on_the_way") return [t("ui.new_time")];
  return [t(`action.${action}`), EXPLAINED.has(action) && t(`ui.do.${action}.why`)];
}

function choice(alarm, action, choose) {
  const [label, why] = words(alarm, action);
  return h(
    "li",
    {},
    h(
      "button",
      { type: "button", class: `row ${action}`, "data-action": action, onclick: () => choose(action) },
      icon(ACTION_ICONS[action]),
      h("span", {}, h("strong", {}, label), why && h("small", {}, why)),
    ),
  );
}

export function askMore(alarm, actions) {
  return ask(t("ui.do.more_title"), (choose, cancel) =>
    h("div", {}, h("ul", { class: "rows" }, actions.map((action) => choice(alarm, action, choose))), sheetFoot(cancel)),
  );
}
