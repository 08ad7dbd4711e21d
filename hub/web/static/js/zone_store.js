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

  async function sealed(key, person, home) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const additionalData = encoder.encode(`${person}\n${home.code}`);
    const body = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, encoder.encode(JSON.stringify(home)));
    return { code: home.code, iv, body };
  }

  async function keep(person, { key, now, until, homes }) {
    const lasts_ms = Date.parse(until) - Date.parse(now);
    const own = await imported(key);
    const rows = await Promise.all(homes.map((home) => sealed(own, person, home)));
    const at = Date.now();
    await within("zone", "readwrite", (store) => store.put({ person, key: own, until, lasts_ms, came_ms: at, seen_ms: at, rows }, "zone"));
  }

  const isOver = ({ lasts_ms, came_ms, seen_ms }, now) => now - came_ms >= lasts_ms || now < Math.max(came_ms, seen_ms) - BACK_MS;

  const erase = () => within("zone", "readwrite", (store) => store.clear()).catch(() => {});

  /* In one transaction with the reading: what was erased meanwhile stays erased. */
  function noted(store, now) {
    const asked = store.get("zone");
    asked.addEventListener("success", () => asked.result && store.put({ ...asked.result, seen_ms: now }, "zone"));
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
    if (now - found.seen_ms > BACK_MS) await within("zone", "readwrite", (store) => noted(store, now)).catch(() => {});
    return found;
  }

  /* Opens one home. null: not stored, over, somebody else's, or by another key. */
  async function open(person, code) {
    const found = await eraseIfOver();
    const row = found?.person === person && found.rows.find((one) => one.code === code);
    if (!row) return null;
    const additionalData = encoder.encode(`${person}\n${code}`);
    try {
      const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv, additionalData }, found.key, row.body);
      return JSON.parse(new TextDecoder().decode(plain));
    } catch {
      return null;
    }
  }

  /* What may be listed without opening: codes, and until when. */
  async function listed(person) {
    const found = await eraseIfOver();
    return found?.person === person ? { until: found.until, codes: found.rows.map(({ code }) => code) } : null;
  }

  return { keep, erase, eraseIfOver, open, listed };
})();
