/* Ages count by the server's clock, because a phone's may be wrong. */

import { age } from "./text.js";

let ahead_ms = 0;

export function serverSays(now) {
  ahead_ms = Date.parse(now) - Date.now();
}

const seconds = (from) => (Date.now() + ahead_ms - Date.parse(from)) / 1000;

export function showAge(element, from) {
  element.dataset.from = from;
  element.textContent = age(seconds(from));
  return element;
}

setInterval(() => {
  for (const element of document.querySelectorAll("[data-from]")) {
    const text = age(seconds(element.dataset.from));
    if (element.textContent !== text) element.textContent = text;
  }
}, 1000);
