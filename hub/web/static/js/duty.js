/* Going on and off duty: the tap that begins it also unlocks sound, for browsers want a tap. */

import { isOn, tryOut, wantSound } from "./sound.js";
import { t } from "./text.js";
import { start, state, wantAwake } from "./wake.js";

const BEGIN_MS = 200;
const sound = document.getElementById("mode-sound");
const awake = document.getElementById("mode-awake");

function show() {
  sound.checked = isOn();
  const now = state();
  awake.disabled = now === "impossible";
  awake.checked = now === "on" || now === "waiting";
  document.getElementById("awake-about").textContent = t(`ui.awake.${now}`);
}

/* Before the form is sent, while the tap still counts as one. */
document.addEventListener("click", (event) => {
  if (!event.target.closest?.('[data-duty="begin"] button')) return;
  navigator.vibrate?.(BEGIN_MS);
  wantSound(true).then(show);
});

/* What was on the phone for the shift goes with it. */
document.addEventListener("varde-done", ({ detail }) => detail.duty === "end" && vardeZone.erase());

sound.addEventListener("change", () => wantSound(sound.checked).then(show));
awake.addEventListener("change", () => wantAwake(awake.checked).then(show));
document.getElementById("mode-try").addEventListener("click", () => tryOut().then(show));
start(show);
