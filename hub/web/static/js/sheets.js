/* Bottom sheets that ask one question each: when will you be there, and how did it end. */

import { h } from "./dom.js";
import { t } from "./text.js";

const MINUTES = [10, 20, 40, 60];
const OUTCOMES = ["no_need", "talk", "information", "care", "fall", "medical", "silent_checked", "technical", "test"];
const NOTE_CHARS = 1000;
const SECONDS_A_MINUTE = 60;

/* Shows the sheet and answers what was chosen, null when it was cancelled. */
function ask(title, build) {
  return new Promise((resolve) => {
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
      resolve(answer);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}

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
      h("div", { class: "sheet-foot" }, cancel),
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
      h("div", { class: "sheet-foot" }, cancel, go),
    );
    form.addEventListener("change", () => (go.disabled = !form.checkValidity()));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      choose({ outcome: new FormData(form).get("outcome"), note: note.value.trim() || null });
    });
    return form;
  });
}
