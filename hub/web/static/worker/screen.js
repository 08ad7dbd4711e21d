/* The notifications on the screen. Chromium takes one away again, and tells nobody, when their list
   is read while it is put up (seen with 156: 196 of 200). So a reading waits until nothing is put
   up any more, and what is to be put up waits for a reading that has begun, but never for long. */

const READING_MS = 1000;
const goingUp = new Set();
let reading = null;

async function putUp(title, options) {
  while (reading) await reading;
  const up = registration.showNotification(title, options);
  goingUp.add(up);
  try {
    await up;
  } finally {
    goingUp.delete(up);
  }
}

async function onScreen(filter = {}) {
  while (reading || goingUp.size) await Promise.allSettled([reading, ...goingUp]);
  const tooLong = pause(READING_MS).then(() => []);
  reading = Promise.race([registration.getNotifications(filter), tooLong]).catch(() => []);
  const found = await reading;
  reading = null;
  return found;
}
