/* Bottom sheets that ask one question each: when, how did it end, whom, which. */

import { h } from "./dom.js";
import { t } from "./text.js";

const MINUTES = [10, 20, 40, 60];
const OUTCOMES = ["no_need", "talk", "information", "care", "fall", "medical", "silent_checked", "technical", "test"];
const NOTE_CHARS = 1000;
const SECONDS_A_MINUTE = 60;

/* The browser gives the focus back to what opened a sheet, unless that was drawn anew meanwhile. */
function giveBack(opener) {
  if (!opener?.dataset.key || opener.isConnected) return;
  document.querySelector(`[data-key="${CSS.escape(opener.dataset.key)}"]`)?.focus({ preventScroll: true });
}

/* Shows the sheet and answers what was chosen, null when it was cancelled. */
export function ask(title, build) {
  return new Promise((resolve) => {
    const opener = document.activeElement;
    let answer = null;
    const choose = (value) => {
      answer = value;
      dialog.close();
    };
    const cancel = h("button", { type: "button", class: "act", onclick: () => dialog.close() }, t("ui.cancel"));
    const dialog = h("dialog", { class: "sheet", "aria-labelledby": "sheet-title" }, h("h2", { id: "sheet-title" }, title), build(choose, cancel));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => {
      dialog.remove();
      giveBack(opener);
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

export const sheetFoot = (...buttons) => h("div", { class: "sheet-foot" }, buttons);

export function askArrival() {
  return ask(t("ui.arrive_title"), (choose, cancel) =>
    h(
      "div",
      {},
      h(
        "div",
        { class: "minutes" },
        MINUTES.map((minutes) =>
          h("button", { type: "button", class: "act tile", onclick: () => choose({ arrive_within_s: minutes * SECONDS_A_MINUTE }) }, t("ui.arrive_choice", { minutes })),
        ),
      ),
      sheetFoot(cancel),
    ),
  );
}

function outcomeTile(outcome) {
  const input = h("input", { type: "radio", name: "outcome", value: outcome, required: true });
  return h("label", { class: "choice" }, input, h("span", {}, t(`outcome.${outcome}`)));
}

export function askOutcome() {
  return ask(t("ui.close_title"), (choose, cancel) => {
    const note = h("textarea", { id: "note", maxlength: NOTE_CHARS, rows: 2 });
    const go = h("button", { type: "submit", class: "act primary", disabled: true }, t("ui.close_go"));
    const form = h(
      "form",
      { class: "outcomes" },
      h("div", { class: "choices", role: "radiogroup", "aria-labelledby": "sheet-title" }, OUTCOMES.map(outcomeTile)),
      h("label", { for: "note" }, t("ui.note")),
      note,
      sheetFoot(cancel, go),
    );
    form.addEventListener("change", () => (go.disabled = !form.checkValidity()));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      choose({ outcome: new FormData(form).get("outcome"), note: note.value.trim() || null });
    });
    return form;
  });
}

/* One of a few: each is a button, and a tap is the answer. */
function options(found, choose) {
  const one = ({ label, value }) => h("li", {}, h("button", { type: "button", class: "row", onclick: () => choose(value) }, h("span", {}, label)));
  return h("ul", { class: "rows" }, found.map(one));
}

function group(title, found, choose) {
  return found.length > 0 && h("section", {}, h("h3", {}, title), options(found, choose));
}

export function askWhom(alarm) {
  const { teams, people } = alarm.choices;
  return ask(t("ui.hand_over.title"), (choose, cancel) =>
    h(
      "div",
      {},
      h("p", { class: "lead" }, t("ui.hand_over.lead")),
      group(t("ui.hand_over.teams"), teams.map(({ id, name }) => ({ label: name, value: { to_team: id } })), choose),
      group(t("ui.hand_over.people"), people.map(({ id, name }) => ({ label: name, value: { to_person: id } })), choose),
      sheetFoot(cancel),
    ),
  );
}

const SPEECHES = ["attempt", "answered", "silent", "ended"];

export function askSpeech(alarm) {
  const number = alarm.speak_number ?? alarm.phone;
  return ask(t("ui.speak.title"), (choose, cancel) =>
    h(
      "div",
      {},
      h("p", { class: "lead" }, t("ui.speak.lead")),
      number && h("a", { class: "act primary", href: `tel:${number.replace(/\s/g, "")}` }, t("ui.speak.number", { number })),
      h("div", { class: "minutes" }, SPEECHES.map((speech) => h("button", { type: "button", class: "act tile", onclick: () => choose({ speech }) }, t(`ui.speak.${speech}`)))),
      sheetFoot(cancel),
    ),
  );
}

export function askNote() {
  return ask(t("ui.note.title"), (choose, cancel) => {
    const note = h("textarea", { id: "note", maxlength: NOTE_CHARS, rows: 4, required: true });
    const form = h(
      "form",
      {},
      h("label", { for: "note" }, t("ui.note.text")),
      note,
      sheetFoot(cancel, h("button", { type: "submit", class: "act primary" }, t("ui.note.go"))),
    );
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (note.value.trim()) choose({ note: note.value.trim() });
    });
    return form;
  });
}

export function askResident(alarm) {
  const found = alarm.choices.residents.map(({ id, name }) => ({ label: name, value: { resident: id } }));
  return ask(t("ui.choose.title"), (choose, cancel) => h("div", {}, options(found, choose), sheetFoot(cancel)));
}

export function askStep(alarm) {
  const label = ({ step, people, now }) => [t("ui.jump.step", { step: step + 1, people }), now && `(${t("ui.jump.now")})`].filter(Boolean).join(" ");
  const found = alarm.choices.steps.map((one) => ({ label: label(one), value: { step: one.step } }));
  return ask(t("ui.jump.title"), (choose, cancel) => h("div", {}, options(found, choose), sheetFoot(cancel)));
}

/* A door is opened by two taps: the second one names whose. With several locks it says which. */
function askDoor(title, alarm) {
  const { locks } = alarm.choices;
  return ask(title, (choose, cancel) => {
    const sure = ({ id, name }) => h("button", { type: "button", class: "act primary", "data-lock": id, onclick: () => choose({ device: id }) }, locks.length > 1 ? name : t("ui.lock.sure"));
    return h("div", {}, h("p", { class: "lead" }, t("ui.lock.lead")), sheetFoot(cancel, ...locks.map(sure)));
  });
}

const doorOf = (alarm) => ({ name: alarm.concerns_name ?? alarm.resident_name ?? "" });
export const askUnlock = (alarm) => askDoor(t("ui.lock.unlock", doorOf(alarm)), alarm);
export const askLock = (alarm) => askDoor(t("ui.lock.lock", doorOf(alarm)), alarm);
