/* What was sent before anybody listened (`early.js`) goes now, once all that listens is there. */

export function sendEarly() {
  const early = window.vardeEarly;
  window.vardeEarly = null;
  if (early) setTimeout(() => early.form.requestSubmit(early.button));
}
