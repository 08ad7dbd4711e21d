/* Ids of commands: made here, so that asking again is the same command.
   crypto.randomUUID is missing on plain HTTP, where a phone on the same network tries the demo. */

export function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
