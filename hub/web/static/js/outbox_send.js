/* What people have done and the hub has not yet heard: kept in the browser's database, sent in order,
   by one tab or by the service worker. Without a page's means, so that both can load it: as a module
   for its effect, and by importScripts, after database.js and outbox_seal.js. It sets one name,
   `vardeOutbox`.

   A waiting action: {id, number, person, alarm, kind, action, path, body, pressed_ms, sure_ms, state,
   text}. States: new (not tried), waiting (tried, never sent), sending, unsure (sent, not confirmed),
   asks (too old: its person is asked again), refused (told, with the hub's words), over (waited for a
   month: told, and never sent), locked (sealed by a key that is not here). What is done is taken out. */

globalThis.vardeOutbox ??= (() => {
  const LIFE_MS = 120000; // As long as the hub takes a command: after that people are asked again.
  const BACK_MS = 5000; // A clock set back by more makes every age a guess.
  const ANSWER_MS = 8000;
  const REFUSED_MS = 12 * 3600000;
  const MONTH_MS = 30 * 24 * 3600000;
  const NAME = "varde-outbox";
  const channel = globalThis.BroadcastChannel ? new BroadcastChannel(NAME) : null;
  const listeners = [];
  const memory = new Map();
  const within = vardeDatabase(NAME, { waiting: { keyPath: "number", autoIncrement: true }, facts: {} });
  const seals = vardeSeal(within);
  let last = 0;
  let keeps = true;
  let running = null;
  let again = false;

  /* After all that is written down, and never that of another entry, here or in another tab. */
  function nextNumber() {
    last = Math.max(last + 1, Date.now() * 1000 + Math.floor(Math.random() * 1000));
    return last;
  }

  function keepInMemory(entry) {
    keeps = false;
    memory.set(entry.number, entry);
  }

  /* A browser that keeps nothing (a private window, a full disk) still sends while the page is open. */
  async function add(entry) {
    const whole = { state: "new", pressed_ms: Date.now(), ...entry };
    whole.sure_ms ??= whole.pressed_ms;
    try {
      const row = await seals.seal(whole);
      whole.number = await within("waiting", "readwrite", (store) => store.add(row));
    } catch {
      whole.number = nextNumber();
      keepInMemory(whole);
    }
    tell(whole);
    return whole;
  }

  async function all() {
    let found = [];
    try {
      const rows = await within("waiting", "readonly", (store) => store.getAll());
      found = await Promise.all(rows.map(seals.open));
    } catch {
      keeps = false;
    }
    return [...found.filter(({ number }) => !memory.has(number)), ...memory.values()].sort((a, b) => a.number - b.number);
  }

  async function put(entry, patch) {
    Object.assign(entry, patch);
    if (memory.has(entry.number)) memory.set(entry.number, entry);
    else await seals.seal(entry).then(seals.write).catch(() => keepInMemory(entry));
    tell(entry);
  }

  async function remove(entry, state = "gone") {
    memory.delete(entry.number);
    await within("waiting", "readwrite", (store) => store.delete(entry.number)).catch(() => {});
    tell({ ...entry, state });
  }

  const remember = (name, value) => within("facts", "readwrite", (store) => store.put(value, name)).catch(() => {});
  const recall = (name) => within("facts", "readonly", (store) => store.get(name)).catch(() => undefined);

  function tell(entry, answer) {
    for (const listener of listeners) listener(entry, answer);
    channel?.postMessage({ ...entry, answer: undefined });
  }
  channel?.addEventListener("message", ({ data }) => listeners.forEach((listener) => listener(data)));

  /* Help and what has been looked at is told however late; everything else is asked about again. No
     door opens late: what opens one has a shorter life of its own. Nothing that somebody has pressed
     is done after a month. */
  function isOld(entry) {
    const age_ms = Date.now() - entry.sure_ms;
    return !entry.always && (age_ms > (entry.life_ms ?? LIFE_MS) || age_ms < -BACK_MS);
  }

  const isMonthOld = ({ pressed_ms }) => Date.now() - pressed_ms > MONTH_MS;
  const isOver = (entry) => isMonthOld(entry) && entry.action && (LIVE.has(entry.state) || entry.state === "asks");

  async function ask(path, options = {}) {
    const signal = AbortSignal.timeout(ANSWER_MS);
    try {
      const response = await fetch(path, { credentials: "same-origin", ...options, signal });
      const isJson = response.headers.get("content-type")?.startsWith("application/json");
      return { status: response.status, answer: isJson ? await response.json() : {} };
    } catch {
      return { status: 0, answer: {} };
    }
  }

  /* The hub takes what lies a month back; what lies further back is told as that. */
  const agoOf = (pressed_ms) => Math.max(0, Math.round(Math.min(Date.now() - pressed_ms, MONTH_MS) / 1000));

  const post = ({ path, body, pressed_ms }) =>
    ask(path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-varde": "1" },
      body: JSON.stringify("ago_s" in body ? { ...body, ago_s: agoOf(pressed_ms) } : body),
    });

  /* Returns whether what follows about the same alarm may be sent too. */
  async function settle(entry, { status, answer }) {
    if (status >= 200 && status < 300 && status !== 202) {
      await remove({ ...entry, answer }, "done");
      return true;
    }
    if (status >= 400 && status < 500 && status !== 401 && status !== 429) {
      await put(entry, { state: "refused", text: answer.text ?? "", refused_ms: Date.now() });
      for (const listener of listeners) listener(entry, answer);
      return false;
    }
    // The hub has just said who is signed in, so this went out: whether it came, nobody knows.
    await put(entry, { state: "unsure" });
    return false;
  }

  async function tellRefusedBefore(entry) {
    await put(entry, { state: "refused", text: null, refused_ms: Date.now() });
  }

  const LIVE = new Set(["new", "waiting", "sending", "unsure"]);

  /* Whether it may have been done already: it was under way when a page was closed, or not confirmed. */
  const isUnsure = ({ state, was_unsure }) => state === "sending" || state === "unsure" || was_unsure === true;

  async function round() {
    const waiting = (await all()).filter((entry) => LIVE.has(entry.state));
    if (!waiting.length) return;
    const me = await ask("/api/me");
    if (me.status !== 200) {
      for (const entry of waiting) if (entry.state === "new") await put(entry, { state: "waiting" });
      return;
    }
    const halted = new Map();
    for (const entry of waiting) {
      if (entry.person !== me.answer.person) continue;
      const before = halted.get(entry.alarm ?? entry.id);
      if (isOver(entry)) await put(entry, { state: "over" });
      else if (before === "refused") await tellRefusedBefore(entry);
      else if (before) continue;
      else if (isOld(entry)) {
        halted.set(entry.alarm ?? entry.id, "asks");
        await put(entry, { state: "asks", was_unsure: isUnsure(entry) });
      } else {
        await put(entry, { state: "sending", was_unsure: isUnsure(entry) });
        const result = await post(entry);
        if (!(await settle(entry, result))) halted.set(entry.alarm ?? entry.id, entry.state);
        if (result.status === 0 || result.status === 401) break;
      }
    }
  }

  const exclusively = (work) => (globalThis.navigator?.locks ? navigator.locks.request(NAME, work) : work());

  /* Sends what waits; asked again while it sends, it looks once more. */
  function sendAll() {
    again = true;
    running ??= (async () => {
      try {
        while (again) {
          again = false;
          await exclusively(round);
        }
      } finally {
        running = null;
      }
    })();
    return running;
  }

  /* The person has been asked again: wanted as of now, or not at all. */
  const confirm = (entry) => put(entry, { state: entry.was_unsure ? "unsure" : "waiting", sure_ms: Date.now() });

  /* `person` is who is signed in here by the hub's word, null where it has not said so. What another
     has left for a month goes then; one's own stays until it has been read. */
  async function clean(person) {
    for (const entry of await all()) {
      const unread = entry.state === "refused" && !entry.action && Date.now() - entry.refused_ms > REFUSED_MS;
      const left = person !== null && entry.person !== person && isMonthOld(entry);
      if (unread || left) await remove(entry);
      else if (isOver(entry)) await put(entry, { state: "over" });
    }
  }

  const { learn, forget, has } = seals;
  const listen = (listener) => listeners.push(listener);
  return { LIFE_MS, add, all, remove, confirm, sendAll, clean, isOld, remember, recall, learn, forget, has, listen, keeps: () => keeps };
})();
