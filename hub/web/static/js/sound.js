/* Sound and vibration for alarms that call this person. Browsers want a tap before the first sound. */

import { h, icon } from "./dom.js";
import { t } from "./text.js";

const WANTED = "varde-sound";
const PATTERN_MS = [400, 200, 400, 200, 800];
const EXERCISE_MS = [150];
const button = document.getElementById("sound");
let audio = null;

const isWanted = () => localStorage.getItem(WANTED) === "yes";
export const isOn = () => audio?.state === "running" && isWanted();

function show() {
  button?.setAttribute("aria-pressed", String(isOn()));
  button?.replaceChildren(icon(isOn() ? "sound-on" : "sound-off"), h("span", {}, t(isOn() ? "ui.sound_on" : "ui.sound_off")));
}

async function enable() {
  audio ??= new AudioContext();
  audio.onstatechange = show;
  await audio.resume();
  show();
}

/* Turns sound on or off for this phone; turning it on must be somebody's tap. */
export async function wantSound(wanted) {
  localStorage.setItem(WANTED, wanted ? "yes" : "no");
  if (wanted) await enable();
  show();
  return isOn();
}

/* Lets the person hear and feel what an alarm is like. */
export async function tryOut() {
  await enable();
  navigator.vibrate?.(PATTERN_MS);
  alarmTones();
}

button?.addEventListener("click", async (event) => {
  event.stopPropagation();
  if (await wantSound(!isOn())) tone(0, 660, 0.15);
});

/* A wish from an earlier visit is honoured at the first tap anywhere, and before it where the browser
   lets an installed app sound by itself. */
document.addEventListener("click", () => isWanted() && !isOn() && enable());
if (isWanted()) enable();

function tone(after_s, pitch_hz, length_s) {
  const from = audio.currentTime + after_s;
  const oscillator = audio.createOscillator();
  const volume = audio.createGain();
  oscillator.frequency.value = pitch_hz;
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(0.5, from + 0.02);
  volume.gain.setValueAtTime(0.5, from + length_s - 0.05);
  volume.gain.linearRampToValueAtTime(0, from + length_s);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(from);
  oscillator.stop(from + length_s);
}

function alarmTones() {
  for (const round of [0, 1, 2]) {
    tone(round * 0.9, 880, 0.3);
    tone(round * 0.9 + 0.35, 660, 0.4);
  }
}

/* An exercise has a sound of its own, one soft rising pair, so that nobody runs for it. */
export function ring(isExercise = false) {
  navigator.vibrate?.(isExercise ? EXERCISE_MS : PATTERN_MS);
  if (!isOn()) return;
  if (!isExercise) return alarmTones();
  tone(0, 440, 0.2);
  tone(0.3, 550, 0.2);
}

show();
