/* What stands in an address, decoded. What no encoder writes (`%E0` alone) stays as it is: it names
   nothing that there is, and is answered as that. */

export function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
