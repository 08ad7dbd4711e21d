/* What an alarm is called, and how it looks: one place for list, detail and announcements. */

import { h, icon } from "./dom.js";
import { t } from "./text.js";

const PHASE_ICONS = { looking: "call", accepted: "check", on_the_way: "car", at_resident: "home", closed: "done" };
export const ACTION_ICONS = {
  accept: "check", accept_in: "clock", refuse: "no", on_the_way: "car", arrive: "home", close: "done",
  hand_over: "hand_over", take_over: "check", need_help: "people", join: "people", decline: "no",
  speak: "speech", note: "note", choose: "person", jump: "steps", reopen: "again", call_for_help: "hand",
  unlock: "lock", lock: "lock",
};

export const isOpen = (alarm) => alarm.phase !== "closed";
export const kindOf = (alarm) => t(`kind.${alarm.kind}`);
export const whoOf = (alarm) =>
  alarm.incident_where ?? alarm.colleague_name ?? alarm.resident_name ?? alarm.device_name ?? alarm.device ?? t("ui.no_resident");
export const isExercise = (alarm) => (alarm.marks ?? []).some((mark) => mark.code === "exercise");
export const toneOf = (alarm) => `tone-${alarm.severity}`;

export function badge(alarm) {
  const name = alarm.kind === "fall.detected" ? "fall" : alarm.category;
  return h("span", { class: "badge" }, icon(name));
}

export function statusText(alarm) {
  if (alarm.phase === "looking") return t("phase.looking");
  if (alarm.phase === "closed") return t(`outcome.${alarm.outcome}`);
  const name = alarm.mine ? t("ui.you") : alarm.owner_name;
  return t("ui.owner_phase", { name, phase: t(`phase.${alarm.phase}`) });
}

export function status(alarm) {
  return h("span", { class: "status" }, icon(PHASE_ICONS[alarm.phase]), h("span", {}, statusText(alarm)));
}

export const times = (alarm) =>
  alarm.activations > 1 && !alarm.incident_where && h("span", { class: "chip" }, t("ui.times", { count: alarm.activations }));

/* A card has room for the few marks that matter most; all of them stand on the alarm itself. */
export const chips = (alarm) => {
  const shown = (alarm.marks ?? []).filter((mark) => mark.tone !== "quiet").slice(0, 3);
  return shown.length > 0 && h("span", { class: "chips" }, shown.map((mark) => h("span", { class: `chip ${mark.tone === "strong" ? "loud" : ""}` }, mark.text)));
};
