/* Tells the hub, quietly, that the person has an alarm before their eyes. It goes by itself, so that no
   action waits for it; without an answer it is told again, with the same id, until there is one. Who
   cannot be told for is called by the next channel meanwhile. */

import { jsonPost, toSignIn } from "./footer.js";
import { newId } from "./ids.js";

const AGAIN_MS = 3000;
const untold = new Map();
let timer = null;

const isFinal = (status) => status !== 202 && status !== 429 && status < 500;

async function tell(path, body) {
  try {
    const { status } = await fetch(path, jsonPost(body));
    if (status === 401) return toSignIn();
    if (isFinal(status)) untold.delete(path);
  } catch {
    /* no connection: told when there is one */
  }
}

async function tellAll() {
  clearTimeout(timer);
  await Promise.all([...untold].map(([path, body]) => tell(path, body)));
  clearTimeout(timer);
  if (untold.size > 0) timer = setTimeout(tellAll, AGAIN_MS);
}

/* `path` takes the alarm's commands. */
export function tellSeen(path, phase) {
  untold.set(path, { id: newId(), action: "see", seen_phase: phase });
  tellAll();
}

addEventListener("online", tellAll);
