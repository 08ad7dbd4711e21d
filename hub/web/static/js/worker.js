/* The page's side of the service worker: it is registered here, and what it says is heard here. */

const UPDATE_MS = 3600000;
const handlers = new Map();
const holds = [];
let told = false;

export const onWorker = (type, handler) => handlers.set(type, handler);

/* A part that must not be interrupted answers true here: then no new version draws the page anew. */
export const holdReload = (isBusy) => holds.push(isBusy);

const loaded = () => new Promise((go) => (document.readyState === "complete" ? go() : addEventListener("load", go, { once: true })));

/* After the page itself: the first load belongs to what people see. */
async function register() {
  if (!navigator.serviceWorker) return null;
  await loaded();
  try {
    return await navigator.serviceWorker.register("/sw.js");
  } catch {
    return null;
  }
}

/* Null where there can be no worker: an old browser, or plain HTTP from another machine. */
export const registration = register();

export async function tellWorker(message) {
  const known = await registration;
  if (known) (await navigator.serviceWorker.ready).active.postMessage(message);
}

function isBusy() {
  const field = document.activeElement?.matches?.("input, textarea, select");
  return field || document.querySelector("dialog[open], details[open]") || holds.some((busy) => busy());
}

/* A new version draws the page anew when nobody looks at it, or at a tap; never under somebody's hands. */
async function tellNew() {
  if (told) return;
  told = true;
  const { t } = await import("./text.js");
  const line = document.createElement("p");
  const go = document.createElement("button");
  Object.assign(line, { className: "message new-version", role: "status" });
  line.setAttribute("role", "status");
  Object.assign(go, { type: "button", className: "act", textContent: t("ui.version.go") });
  go.addEventListener("click", () => location.reload());
  (document.querySelector(".top") ?? document.getElementById("main"))?.append(line);
  line.append(t("ui.version.new"), " ", go);
  document.addEventListener("visibilitychange", () => document.hidden && !isBusy() && location.reload());
}

onWorker("version", ({ version }) => version !== document.documentElement.dataset.version && tellNew());
onWorker("open", ({ path }) => location.assign(path));

navigator.serviceWorker?.addEventListener("message", ({ data }) => handlers.get(data?.type)?.(data));
navigator.serviceWorker?.startMessages();
addEventListener("online", () => tellWorker({ type: "online" }));
document.addEventListener("visibilitychange", async () => document.hidden || (await registration)?.update().catch(() => {}));
setInterval(async () => (await registration)?.update().catch(() => {}), UPDATE_MS);
tellWorker({ type: "language", language: document.documentElement.lang });
tellWorker({ type: "online" });
loaded().then(async () => {
  const { person } = document.getElementById("main")?.dataset ?? {};
  (await import("./push.js")).keep(person);
});
