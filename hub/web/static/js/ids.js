/* Ids of commands: made here, so that asking again is the same command.
   crypto.randomUUID is missing on plain HTTP, where a phone on the same network tries the demo. */

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const asked = new Map();

/* The id of what is asked: again and without an answer yet it is the same command; asked otherwise it
   is another. */
export function idFor(what) {
  if (!asked.has(what)) asked.set(what, newId());
  return asked.get(what);
}

export const isAnswered = (what) => asked.delete(what);
