/* Keeps the screen awake on duty: off unless wished for, and only while the phone is charging, so that
   no phone dies in the middle of a shift. A browser that does not tell of charging never does it. */

const WANTED = "varde-awake";
let battery = null;
let lock = null;
let changed = () => {};

const isWanted = () => localStorage.getItem(WANTED) === "yes";

/* "impossible", "off", "waiting" (for the charger) or "on". */
export function state() {
  if (!battery || !navigator.wakeLock) return "impossible";
  if (!isWanted()) return "off";
  return lock ? "on" : "waiting";
}

async function follow() {
  const should = battery && isWanted() && battery.charging && !document.hidden;
  try {
    if (should && !lock) {
      lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => {
        lock = null;
        changed();
      });
    } else if (!should) await lock?.release();
  } catch {
    lock = null; /* refused, with a nearly empty battery for one: the state says so */
  }
  changed();
}

export function wantAwake(wanted) {
  localStorage.setItem(WANTED, wanted ? "yes" : "no");
  return follow();
}

export async function start(listener = () => {}) {
  changed = listener;
  battery = (await navigator.getBattery?.()) ?? null;
  battery?.addEventListener("chargingchange", follow);
  document.addEventListener("visibilitychange", follow);
  await follow();
}
