/* A tap on a notification. A button answers by its right, with the screen locked; the rest opens the
   alarm. Nothing is shown as done before the hub said so. */

const DONE = { accept: "accepted", refuse: "refused", answer: "answered" };

/* Shows how an answer ended, in the place of the call it answers. */
async function tellEnd({ action, data }, { status, answer }) {
  const { lang, tag, path, title } = data;
  const show = (msgid, body, more = {}) =>
    putUp(say(lang, msgid), { body, lang, tag, icon: "/static/icons/icon-192.png", badge: "/static/icons/badge-96.png", data: { ...data, varde: {} }, ...more });
  await tellPages({ type: "answered", action, status, path });
  const done = action === "accept" && data.varde.task ? "taken" : DONE[action];
  if (status >= 200 && status < 300 && status !== 202) return show(done, title, { silent: true });
  if (isFinal(status)) return show("refused_by_hub", answer.text ?? say(lang, "open"), { renotify: true });
  return show("not_sent", say(lang, "not_sent.body"), { renotify: true, requireInteraction: true });
}

async function answerBy(action, data) {
  const told = { action, data };
  await tellEnd(told, await deliver("/api/rights", { right: data.varde[action] }, told));
}

/* Somebody has it, or this person has answered on the page: its call leaves the screen. */
async function takeAway({ alarm }) {
  for (const one of await onScreen({ tag: alarm })) one.close();
  await kept.drop("calls", alarm);
}

/* Who has signed out leaves no call behind: not on the screen, and not the rights to answer it. */
async function takeAllAway() {
  for (const one of await onScreen()) one.close();
  await kept.clear("calls");
}

async function openAt(path) {
  const open = await clients.matchAll({ type: "window", includeUncontrolled: true });
  const own = open.find((page) => page.visibilityState === "visible") ?? open[0];
  if (!own) return clients.openWindow(path);
  const page = await own.focus();
  return page.postMessage({ type: "open", path });
}

/* To open a test alarm is to have heard it; to open an alarm is to have seen it. */
function tapped(data) {
  const { answer, seen } = data.varde;
  const said = answer ? answerBy("answer", data) : seen && deliver("/api/rights", { right: seen });
  return Promise.all([said, openAt(answer ? "/readiness" : data.path)]);
}

onMessage("over", takeAway);
onMessage("signed-out", takeAllAway);
addEventListener("notificationclick", (event) => {
  const { data } = event.notification;
  event.notification.close();
  event.waitUntil(event.action && data.varde[event.action] ? answerBy(event.action, data) : tapped(data));
});
