// The handsets of the person whose phone is shown: lock screen, SMS, and a call that rings.
const texts = JSON.parse(document.body.dataset.texts).handsets;
const person = document.querySelector("#person");
const problem = document.querySelector("#handset-problem");
const said = document.querySelector("#handset-said");
const call = document.querySelector("#call");

async function ask(path, wish) {
  const options = wish && {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(wish),
  };
  const response = await fetch(path, options);
  if (!response.ok) throw new Error(await response.text());
  return response.json();
}

async function attempt(work) {
  problem.hidden = true;
  said.textContent = "";
  try {
    said.textContent = (await work())?.said ?? "";
  } catch (failed) {
    problem.textContent = failed.message;
    problem.hidden = false;
  }
}

function button(label, what, of, urgent) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.className = urgent ? "urgent" : "";
  made.addEventListener("click", () =>
    attempt(() => ask("/handsets/press", { person: person.value, what, of })),
  );
  return made;
}

function item(id, heading, text, answered, buttons) {
  const line = document.createElement("li");
  line.dataset.id = id;
  if (heading) {
    const strong = document.createElement("strong");
    strong.textContent = heading;
    line.append(strong);
  }
  const body = document.createElement("p");
  body.textContent = text;
  const row = document.createElement("div");
  row.className = "actions";
  if (answered) row.textContent = texts.answered_as[answered] ?? answered;
  else row.append(...buttons);
  line.append(body, row);
  return line;
}

const notification = (one) =>
  item(one.send, one.title, one.body, one.answered, [
    ...(one.may.includes("accept") ? [button(texts.accept, "accept", one.send, true)] : []),
    ...(one.may.includes("answer") ? [button(texts.answer_test, "answer test", one.send, true)] : []),
    ...(one.may.includes("refuse") ? [button(texts.refuse, "refuse", one.send)] : []),
  ]);

const message = (one) =>
  item(one.id, "", one.text, one.answered, one.code
    ? [button(texts.reply_1, "reply 1", one.id, true), button(texts.reply_2, "reply 2", one.id)]
    : []);

// What has not changed stays in its place: a screen reader says only what is new.
function fill(list, empty, found, draw) {
  const key = JSON.stringify(found);
  if (list.dataset.key === key) return;
  list.dataset.key = key;
  list.replaceChildren(...found.map(draw));
  empty.hidden = found.length > 0;
}

function showCall(now) {
  const status = now?.status ?? "";
  call.textContent = now ? texts[status] : texts.no_call;
  call.dataset.status = status;
  document.querySelector("#call-said").textContent = now ? [now.say, ...now.heard].filter(Boolean).join(" ") : "";
  for (const one of document.querySelectorAll("[data-call]")) {
    const needs = { answer: "ringing", 1: "answered", 2: "answered" }[one.dataset.call];
    one.hidden = !now || (needs !== undefined && needs !== status);
  }
}

async function show() {
  const now = await ask(`/handsets?person=${encodeURIComponent(person.value)}`);
  document.querySelector("#whose").textContent = person.selectedOptions[0].textContent;
  document.querySelector("#number").textContent = now.number;
  const empty = (id) => document.querySelector(id);
  empty("#lock-empty").textContent = now.enrolled ? texts.no_push : texts.getting_ready;
  fill(document.querySelector("#notifications"), empty("#lock-empty"), now.notifications, notification);
  fill(document.querySelector("#sms"), empty("#sms-empty"), now.sms, message);
  showCall(now.call);
  const off = { coverage: !now.coverage, power: !now.power };
  for (const one of document.querySelectorAll("[data-state]")) {
    one.setAttribute("aria-pressed", String(off[one.dataset.state]));
  }
  for (const one of document.querySelectorAll("[data-outage]")) {
    one.setAttribute("aria-pressed", String(now.down[one.dataset.outage]));
  }
}

const wanted = (one) => (one.getAttribute("aria-pressed") === "true" ? "on" : "off");
for (const one of document.querySelectorAll("[data-state]")) {
  one.addEventListener("click", () =>
    attempt(() => ask("/handsets/state", { person: person.value, what: one.dataset.state, state: wanted(one) })),
  );
}
for (const one of document.querySelectorAll("[data-outage]")) {
  one.addEventListener("click", () =>
    attempt(() => ask("/handsets/outage", { service: one.dataset.outage, state: wanted(one) })),
  );
}
for (const one of document.querySelectorAll("[data-call]")) {
  one.addEventListener("click", () =>
    attempt(() => ask("/handsets/press", { person: person.value, what: one.dataset.call, of: "" })),
  );
}
person.addEventListener("change", show);
new EventSource("/handsets/changes").addEventListener("message", show);
