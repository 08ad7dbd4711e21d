/* The small things that stay on the phone: answers not yet sent, the rights of a call, settings.
   No name and no address is ever among them. Read by the worker, and by the pages that it shows. */

const kept = (() => {
  const within = vardeDatabase("varde", { posts: {}, calls: {}, settings: {} });

  return {
    put: (store, key, value) => within(store, "readwrite", (kind) => kind.put(value, key)),
    drop: (store, key) => within(store, "readwrite", (kind) => kind.delete(key)),
    get: (store, key) => within(store, "readonly", (kind) => kind.get(key)),
    all: (store) => within(store, "readonly", (kind) => kind.getAll()),
    clear: (store) => within(store, "readwrite", (kind) => kind.clear()),
  };
})();
