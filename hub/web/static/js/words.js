/* What an alarm is called, and how it looks: one place for list, detail and announcements. */

import { h, icon } from "./dom.js";
import { t } from "./text.js";

const PHASE_ICONS = { looking: "call", accepted: "check", on_the_way: "car", at_resident: "home", closed: "done" };

export const isOpen = (alarm) => alarm.phase !== "closed";
export const kindOf = (alarm) => t(`kind.${alarm.kind}`);
export const whoOf = (alarm) => alarm.resident_name ?? alarm.device ?? t("ui.no_resident");
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
  alarm.activations > 1 && h("span", { class: "chip" }, t("ui.times", { count: alarm.activations }));
