/* A browser may exchange the subscription by itself; the hub is told, or nobody could call any more. */

async function keyNow() {
  const response = await fetch("/api/push/key", { signal: AbortSignal.timeout(SEND_MS) });
  return (await response.json()).key;
}

async function renew(old) {
  const key = await keyNow().catch(() => null);
  const applicationServerKey = key ?? old?.options.applicationServerKey;
  const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey });
  const { endpoint, keys } = subscription.toJSON();
  await deliver("/api/push/subscription", { endpoint, keys, ...(key && { key }) });
}

addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renew(event.oldSubscription)));
