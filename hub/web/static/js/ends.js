/* Sends a command and asks how it ended. 202 says that it is on its way: the same body once more is the
   same command, and tells when it is done. */

import { jsonPost } from "./footer.js";

const AGAIN_MS = 3000;
const TIMES = 10;

const pause = () => new Promise((go) => setTimeout(go, AGAIN_MS));

/* Answers {status, answer}; `wait` is told each time that it is still on its way. */
export async function ended(path, body, wait) {
  for (let left = TIMES; ; left--) {
    const response = await fetch(path, jsonPost(body));
    const answer = response.status === 204 ? {} : await response.json();
    if (response.status !== 202 || left === 0) return { status: response.status, answer };
    wait(answer.text);
    await pause();
  }
}
