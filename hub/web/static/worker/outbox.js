/* What waits is sent when the connection is back, also where no page is open; and what was stored for
   a shift is forgotten when the shift is over, whenever the worker is awake. */

importScripts("/static/js/outbox_seal.js", "/static/js/outbox_send.js", "/static/js/zone_store.js");

onSync("varde-outbox", () => vardeOutbox.sendAll());
for (const happening of ["activate", "push", "sync"]) {
  addEventListener(happening, (event) => event.waitUntil(vardeZone.eraseIfOver()));
}
