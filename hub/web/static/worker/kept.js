/* The small things that stay on the phone: answers not yet sent, the rights of a call, settings.
   No name and no address is ever among them. Read by the worker, and by the pages that it shows. */

const kept = (() => {
  const STORES = ["posts", "calls", "settings"];
  let opening = null;

  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  function database() {
    const request = indexedDB.open("varde", 1);
    request.onupgradeneeded = () => STORES.forEach((name) => request.result.createObjectStore(name));
    opening ??= settled(request).catch((error) => {
      opening = null;
      throw error;
    });
    return opening;
  }

  async function use(store, mode, act) {
    const one = (await database()).transaction(store, mode, { durability: "strict" });
    return settled(act(one.objectStore(store)));
  }

  return {
    put: (store, key, value) => use(store, "readwrite", (kind) => kind.put(value, key)),
    drop: (store, key) => use(store, "readwrite", (kind) => kind.delete(key)),
    get: (store, key) => use(store, "readonly", (kind) => kind.get(key)),
    all: (store) => use(store, "readonly", (kind) => kind.getAll()),
  };
})();
