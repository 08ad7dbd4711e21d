/* A database of the browser's: opened at its first use, and again when the browser has let go of it.
   One that never opens (some browsers hang) fails after a while, so that nobody waits for it. Without
   a page's means: as a module for its effect, and by importScripts. It sets one name, `vardeDatabase`.

   vardeDatabase(name, {store: options}) answers within(store, mode, use): what `use` asks of the
   store, when it is written. */

globalThis.vardeDatabase ??= (name, stores) => {
  const OPEN_MS = 3000;
  let opening = null;

  const settled = (request) =>
    new Promise((resolve, reject) => {
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });

  async function open() {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      for (const [store, options] of Object.entries(stores)) request.result.createObjectStore(store, options);
    };
    const found = settled(request).then((database) => {
      database.onclose = () => (opening = null);
      opening = found; // Also where it came too late for those who asked first.
      return database;
    });
    const late = new Promise((_, fail) => setTimeout(() => fail(new Error(name)), OPEN_MS));
    return Promise.race([found, late]);
  }

  async function begin(store, mode) {
    const start = async () => (await (opening ??= open())).transaction(store, mode, { durability: "strict" });
    try {
      return await start();
    } catch (error) {
      if (error.code !== DOMException.INVALID_STATE_ERR) throw error;
      opening = null;
      return start();
    }
  }

  return async (store, mode, use) => {
    const transaction = await begin(store, mode);
    const done = new Promise((resolve, reject) => {
      transaction.oncomplete = resolve;
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
    const [found] = await Promise.all([settled(use(transaction.objectStore(store))), done]);
    return found;
  };
};
