/* Seals what waits in the outbox: what a person wrote does not lie open on the phone. Without a page's
   means, as outbox_send.js, which comes after it. It sets one name, `vardeSeal`.

   The key is the hub's, the same for a person at every sign-in. On the phone it is a CryptoKey that no
   script can read out; it goes when the person signs out, and when another signs in. What it has sealed
   stays, as noise, until its person is here again. Nothing is lost for want of a key: what is written
   down before the key has come lies open until then, and is sealed then. Clear in a row are its number,
   its person, and when it was pressed. */

globalThis.vardeSeal ??= (within) => {
  const KEY = "key";
  const encoder = new TextEncoder();
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const bound = ({ person, pressed_ms }) => encoder.encode(`${person}\n${pressed_ms}`);

  async function keyOf(person) {
    const held = await within("facts", "readonly", (store) => store.get(KEY)).catch(() => undefined);
    return held?.person === person ? held.key : null;
  }

  /* The row of an entry; the entry itself where its person's key is not here. */
  async function seal(entry) {
    const key = await keyOf(entry.person);
    if (!key) return entry;
    const { number, person, pressed_ms, ...rest } = entry;
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: bound(entry) }, key, encoder.encode(JSON.stringify(rest)));
    return { ...(number !== undefined && { number }), person, pressed_ms, iv, sealed };
  }

  /* The entry of a row; what cannot be opened here is `locked`, and nothing else is known of it. */
  async function open(row) {
    if (!row.sealed) return row;
    const { number, person, pressed_ms, iv, sealed } = row;
    const clear = { number, person, pressed_ms };
    try {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: bound(row) }, await keyOf(person), sealed);
      return { ...JSON.parse(new TextDecoder().decode(plain)), ...clear };
    } catch {
      return { ...clear, state: "locked" };
    }
  }

  /* Writes the row if what lies there allows it, in one transaction with the looking. */
  const writeWhere = (row, allows) =>
    within("waiting", "readwrite", (store) => {
      const asked = store.get(row.number);
      asked.addEventListener("success", () => {
        try {
          if (allows(asked.result)) store.put(row);
        } catch {
          store.transaction.abort(); // Told to who waits for the transaction, and to nobody else.
        }
      });
      return asked;
    });

  /* Never an open row over one that is sealed, should the key have gone meanwhile. */
  const write = (row) => writeWhere(row, (there) => row.sealed || !there?.sealed);

  /* What was written down before the key came; only where nothing has happened to it meanwhile. */
  async function sealOpen(row) {
    await writeWhere(await seal(row), (there) => there?.state === row.state);
  }

  async function learn(person, text) {
    const key = await crypto.subtle.importKey("raw", bytes(text), "AES-GCM", false, ["encrypt", "decrypt"]);
    await within("facts", "readwrite", (store) => store.put({ person, key }, KEY));
    const rows = await within("waiting", "readonly", (store) => store.getAll());
    for (const row of rows) if (row.person === person && !row.sealed) await sealOpen(row);
  }

  const forget = () => within("facts", "readwrite", (store) => store.delete(KEY)).catch(() => {});

  return { seal, open, write, learn, forget, has: async (person) => (await keyOf(person)) !== null };
};
