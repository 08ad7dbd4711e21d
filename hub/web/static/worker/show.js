/* A push becomes a notification, always: a browser takes the permission from whoever shows nothing.
   The receipt goes out when it stands on the screen, never for one that could not be shown. */

const PATTERN_MS = [400, 200, 400, 200, 800];
const EXERCISE_MS = [150];
const SHOWN_KEPT = 200;

function say(language, msgid) {
  return (VARDE.texts[language] ?? VARDE.texts.nb)[`worker.${msgid}`];
}

/* A browser that knows the declarative form (W3C, Push API) hands over the notification that it would
   show, and no text; ours stands in its data. */
function proposed({ title, body, lang, dir, tag, navigate, requireInteraction, data }) {
  return { notification: { title, body, lang, dir, tag, navigate, requireInteraction }, varde: data?.varde ?? {} };
}

/* What cannot be read is still a call: somebody must look. */
async function read(event) {
  try {
    if (!event.data && event.notification) return proposed(event.notification);
    const { notification, varde } = event.data.json();
    if (notification.title) return { notification, varde: varde ?? {} };
  } catch {
    /* told below */
  }
  const lang = await languageNow();
  return { notification: { title: say(lang, "unread"), body: say(lang, "unread.body"), lang, navigate: "/" }, varde: {} };
}

function actionsFor(varde, language) {
  const offered = varde.answer ? ["answer"] : ["accept", "refuse"];
  const name = (action) => (action === "accept" && varde.task ? "take" : action);
  return offered.filter((action) => varde[action]).map((action) => ({ action, title: say(language, name(action)) }));
}

/* The same send may come twice, after a restart of the hub: it rings once. */
async function isNew(send) {
  if (!send) return true;
  const shown = (await kept.get("settings", "shown").catch(() => null)) ?? [];
  if (shown.includes(send)) return false;
  await kept.put("settings", "shown", [send, ...shown].slice(0, SHOWN_KEPT)).catch(() => {});
  return true;
}

const pathOf = (address) => {
  const { pathname, search, hash } = new URL(address ?? "/", location.origin);
  return pathname + search + hash;
};

function options({ notification, varde }, rings) {
  const tag = notification.tag ?? varde.alarm ?? varde.send ?? "varde";
  return {
    body: notification.body,
    lang: notification.lang,
    dir: notification.dir ?? "auto",
    tag,
    renotify: rings,
    requireInteraction: notification.requireInteraction ?? true,
    icon: "/static/icons/icon-192.png",
    badge: "/static/icons/badge-96.png",
    ...(rings ? { vibrate: varde.exercise ? EXERCISE_MS : PATTERN_MS } : { silent: true }),
    actions: actionsFor(varde, notification.lang),
    data: { path: pathOf(notification.navigate), title: notification.title, body: notification.body, lang: notification.lang, tag, varde },
  };
}

async function keepCall({ notification, varde }) {
  if (!varde.alarm || !varde.accept) return;
  const { title, body, lang } = notification;
  const { alarm, accept, refuse } = varde;
  await kept.put("calls", alarm, { alarm, title, body, lang, accept, refuse, at: Date.now() });
}

async function pushed(event) {
  const push = await read(event);
  const { notification, varde } = push;
  await putUp(notification.title, options(push, await isNew(varde.send)));
  const receipt = varde.receipt && deliver("/api/push/receipt", { right: varde.receipt });
  await Promise.all([receipt, keepCall(push).catch(() => {}), tellPages({ type: "pushed", about: varde.alarm ?? varde.test ?? null })]);
}

addEventListener("push", (event) => event.waitUntil(pushed(event)));
