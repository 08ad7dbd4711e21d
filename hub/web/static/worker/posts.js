/* Sends what must not be lost, receipts and answers by right, and keeps it until the hub has
   answered. Sending it twice does nothing twice: a right is used up once. */

const SEND_MS = 8000;
const PAUSES_MS = [0, 2000, 5000];
const LIFE_MS = 3600000;
const SYNC = "varde-posts";

const pause = (length_ms) => new Promise((again) => setTimeout(again, length_ms));
const isFinal = (status) => status >= 200 && status < 500 && status !== 202 && status !== 429;

async function attempt({ path, body }) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "content-type": "application/json", "x-varde": "1" },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(SEND_MS),
    });
    return { status: response.status, answer: await response.json().catch(() => ({})) };
  } catch {
    return { status: 0, answer: {} };
  }
}

/* A store that fails must not keep an answer from being sent. */
const remember = (post) => kept.put("posts", post.id, post).catch(() => {});
const forget = (post) => kept.drop("posts", post.id).catch(() => {});

/* Sends now, a few times; what is still not answered goes out when there is a connection again. */
async function deliver(path, body, told = null) {
  const post = { id: crypto.randomUUID(), path, body, told, at: Date.now() };
  await remember(post);
  let result = { status: 0, answer: {} };
  for (const wait_ms of PAUSES_MS) {
    await pause(wait_ms);
    result = await attempt(post);
    if (isFinal(result.status)) {
      await forget(post);
      return result;
    }
  }
  await registration.sync?.register(SYNC).catch(() => {});
  return result;
}

/* Sends again what waits; whoever pressed a button is told what came of it. */
async function sendWaiting() {
  for (const post of await kept.all("posts")) {
    const over = Date.now() - post.at > LIFE_MS;
    const result = over ? { status: 410, answer: {} } : await attempt(post);
    if (!isFinal(result.status)) continue;
    await forget(post);
    if (post.told) await tellEnd(post.told, result);
  }
  for (const call of await kept.all("calls")) {
    if (Date.now() - call.at > LIFE_MS) await kept.drop("calls", call.alarm);
  }
}

onSync(SYNC, sendWaiting);
onMessage("online", sendWaiting);
