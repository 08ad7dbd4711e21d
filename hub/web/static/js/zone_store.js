/* The homes of a shift, stored encrypted, and forgotten with the shift. Without a page's means, so
   that the service worker can forget them too: as a module for its effect, and by importScripts,
   after database.js. It sets one name, `vardeZone`.

   The key comes from the hub for one session and one shift. It becomes a CryptoKey that no script can
   read out; with it the phone opens what is stored, without it what is stored is noise. How long it
   may stay is counted from when it came, by the phone's own clock, so a clock that is wrong by hours
   changes nothing; a clock that is set back makes the count a guess, and then all is forgotten. */

globalThis.vardeZone ??= (() => {
  const NAME = "varde-zone";
  const BACK_MS = 60000;
  const encoder = new TextEncoder();
  const within = vardeDatabase(NAME, { zone: {} });

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const imported = (key) => crypto.subtle.importKey("raw", bytes(key), "AES-GCM", false, ["encrypt", "decrypt"]);

  /* `about` is what it is of: a home's code, or nothing for the alarms. */
  async function sealed(key, person, about, value) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const additionalData = encoder.encode(`${person}\n${about}`);
    const body = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, encoder.encode(JSON.stringify(value)));
    return { iv, body };
  }

  async function unsealed(key, person, about, { iv, body }) {
    const additionalData = encoder.encode(`${person}\n${about}`);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, body);
    return JSON.parse(new TextDecoder().decode(plain));
  }

  /* Of a home that may not be stored nothing is. */
  const ofHomes = (rows, alarms) => alarms.filter(({ resident }) => rows.some(({ code }) => code === resident));

  async function keep(person, { key, now, until, homes }, alarms) {
    const lasts_ms = Date.parse(until) - Date.parse(now);
    const own = await imported(key);
    const rows = await Promise.all(homes.map(async (home) => ({ code: home.code, ...(await sealed(own, person, home.code, home)) })));
    const about = await sealed(own, person, "", ofHomes(rows, alarms));
    const at = Date.now();
    await within("zone", "readwrite", (store) => store.put({ person, key: own, until, lasts_ms, came_ms: at, seen_ms: at, rows, about }, "zone"));
  }

  /* Which of the homes this person has an alarm about: only where the homes are stored. */
  async function keepAlarms(person, alarms) {
    const found = await eraseIfOver();
    if (found?.person !== person) return;
    const about = await sealed(found.key, person, "", ofHomes(found.rows, alarms));
    await within("zone", "readwrite", (store) => changed(store, { about }, found.came_ms));
  }

  const isOver = ({ lasts_ms, came_ms, seen_ms }, now) => now - came_ms >= lasts_ms || now < Math.max(came_ms, seen_ms) - BACK_MS;

  const erase = () => within("zone", "readwrite", (store) => store.clear()).catch(() => {});

  /* In one transaction with the reading: what was erased meanwhile stays erased, and what came anew
     has a key of its own. */
  function changed(store, part, came_ms) {
    const asked = store.get("zone");
    asked.addEventListener("success", () => {
      try {
        if (asked.result?.came_ms === came_ms) store.put({ ...asked.result, ...part }, "zone");
      } catch {
        store.transaction.abort(); // A full disk is told to who waits for the transaction.
      }
    });
    return asked;
  }

  /* Reads the clock into the store: a clock that is set back later is then noticed. */
  async function eraseIfOver() {
    const found = await within("zone", "readonly", (store) => store.get("zone")).catch(() => undefined);
    if (!found) return null;
    const now = Date.now();
    if (isOver(found, now)) {
      await erase();
      return null;
    }
    if (now - found.seen_ms > BACK_MS) await within("zone", "readwrite", (store) => changed(store, { seen_ms: now }, found.came_ms)).catch(() => {});
    return found;
  }

  /* Opens one home. null: not stored, over, somebody else's, or by another key. */
  async function open(person, code) {
    const found = await eraseIfOver();
    const row = found?.person === person && found.rows.find((one) => one.code === code);
    return row ? unsealed(found.key, person, code, row).catch(() => null) : null;
  }

  /* What may be listed without opening: codes, until when, and which of the homes has an alarm. */
  async function listed(person) {
    const found = await eraseIfOver();
    if (found?.person !== person) return null;
    const alarms = found.about ? await unsealed(found.key, person, "", found.about).catch(() => []) : [];
    return { until: found.until, codes: found.rows.map(({ code }) => code), alarms };
  }

  return { keep, keepAlarms, erase, eraseIfOver, open, listed };
})();
