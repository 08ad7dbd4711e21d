// The panel: buttons press devices, the log tells what each device sent and was answered.
const texts = JSON.parse(document.body.dataset.texts);
const log = document.querySelector("#log");
const person = document.querySelector("#person");
const phoneProblem = document.querySelector("#phone-problem");
const LONGEST_LOG = 60;
const GOOD = new Set(["answered"]);
const BAD = new Set(["refused", "unanswered"]);

const tone = (what) => (GOOD.has(what) ? "good" : BAD.has(what) ? "bad" : "plain");
const milliseconds = (ms) =>
  ms === null ? "" : `${new Intl.NumberFormat(document.documentElement.lang).format(Math.round(ms))} ms`;

async function post(path, wish) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(wish),
  });
  if (response.status === 409) throw new Error(texts.off_said);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return response.json();
}

function write(entry) {
  const line = document.createElement("li");
  line.dataset.tone = tone(entry.what);
  const when = document.createElement("time");
  when.textContent = new Date().toLocaleTimeString(document.documentElement.lang);
  const what = document.createElement("span");
  const result = document.createElement("strong");
  result.textContent = texts.what[entry.what] ?? entry.what;
  const device = document.getElementById(`name-${entry.device}`)?.textContent ?? entry.device;
  what.append(`${device}: ${texts.actions[entry.action] ?? entry.action} – `, result);
  if (entry.detail && line.dataset.tone !== "plain") what.append(` (${entry.detail})`);
  const ms = document.createElement("span");
  ms.textContent = milliseconds(entry.ms);
  line.append(when, what, ms);
  log.prepend(line);
  while (log.children.length > LONGEST_LOG) log.lastElementChild.remove();
}

function showOnCard(entry) {
  const last = document.querySelector(`[data-device="${entry.device}"] [data-last]`);
  if (!last) return;
  const action = texts.actions[entry.action] ?? entry.action;
  last.textContent = `${action}: ${texts.what[entry.what] ?? entry.what} ${milliseconds(entry.ms)}`;
  last.dataset.tone = tone(entry.what);
}

async function press(button) {
  const { device } = button.closest("[data-device]").dataset;
  const { action } = button.dataset;
  button.setAttribute("aria-busy", "true");
  try {
    await post("/act", { device, action });
  } catch (problem) {
    const entry = { device, action, what: "unanswered", ms: null, detail: problem.message };
    write(entry);
    showOnCard(entry);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

async function setFault(button) {
  const { device } = button.closest("[data-device]").dataset;
  const { fault } = button.dataset;
  const state = button.getAttribute("aria-pressed") === "true" ? "off" : "on";
  button.setAttribute("aria-busy", "true");
  try {
    const { wrong } = await post("/fault", { device, fault, state });
    for (const one of button.parentElement.children) {
      one.setAttribute("aria-pressed", String(wrong.includes(one.dataset.fault)));
    }
  } catch (problem) {
    const entry = { device, action: texts.faults[fault] ?? fault, what: "refused", ms: null, detail: problem.message };
    write(entry);
    showOnCard(entry);
  } finally {
    button.removeAttribute("aria-busy");
  }
}

async function pickUpPhone() {
  phoneProblem.hidden = true;
  try {
    const { url } = await post("/phone", { person: person.value });
    // A new element each time: a change of the fragment alone would not load the page again.
    const old = document.querySelector("#phone");
    const fresh = old.cloneNode();
    fresh.src = url;
    old.replaceWith(fresh);
  } catch (problem) {
    phoneProblem.textContent = `${texts.phone_problem} (${problem.message})`;
    phoneProblem.hidden = false;
  }
}

function show(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll("[data-show]")) {
    button.setAttribute("aria-pressed", String(button.dataset.show === view));
  }
}

for (const button of document.querySelectorAll("[data-action]")) {
  button.addEventListener("click", () => press(button));
}
for (const button of document.querySelectorAll("[data-fault]")) {
  button.addEventListener("click", () => setFault(button));
}
for (const button of document.querySelectorAll("[data-show]")) {
  button.addEventListener("click", () => show(button.dataset.show));
}
person.addEventListener("change", pickUpPhone);

const feed = new EventSource("/events");
feed.addEventListener("message", (message) => {
  const entry = JSON.parse(message.data);
  write(entry);
  showOnCard(entry);
});
// The key has done its work; it stays out of the history and of screenshots.
history.replaceState(null, "", "/");
pickUpPhone();
