// Pieces of videos in the browser's own database, or in memory where it has none
// (private windows). A video counts as finished once its description is there.

export async function openStore() {
  try {
    return new DatabaseStore(await openDatabase());
  } catch {
    return new MemoryStore();
  }
}

export class MemoryStore {
  constructor() {
    this.pieces = new Map();
    this.videos = new Map();
  }

  async add(key, number, blob) { this.pieces.set(`${key}/${number}`, blob); }
  async piece(key, number) { return this.pieces.get(`${key}/${number}`); }
  async finish(key, about) { this.videos.set(key, about); }
  async finished() { return [...this.videos]; }

  async forget(key) {
    this.videos.delete(key);
    for (const name of this.pieces.keys()) {
      if (name.startsWith(`${key}/`)) this.pieces.delete(name);
    }
  }
}

class DatabaseStore {
  constructor(database) { this.database = database; }

  add(key, number, blob) {
    return this.run("pieces", "readwrite", (s) => s.put(blob, [key, number]));
  }

  piece(key, number) {
    return this.run("pieces", "readonly", (s) => s.get([key, number]));
  }

  finish(key, about) {
    return this.run("films", "readwrite", (s) => s.put(about, key));
  }

  async finished() {
    const keys = await this.run("films", "readonly", (s) => s.getAllKeys());
    const abouts = await this.run("films", "readonly", (s) => s.getAll());
    return keys.map((key, i) => [key, abouts[i]]);
  }

  async forget(key) {
    await this.run("films", "readwrite", (s) => s.delete(key));
    const all = IDBKeyRange.bound([key, 0], [key, Infinity]);
    await this.run("pieces", "readwrite", (s) => s.delete(all));
  }

  run(name, mode, act) {
    return new Promise((done, failed) => {
      const deed = this.database.transaction(name, mode);
      const request = act(deed.objectStore(name));
      deed.oncomplete = () => done(request.result);
      deed.onerror = deed.onabort = () => failed(deed.error);
    });
  }
}

function openDatabase() {
  return new Promise((done, failed) => {
    const request = indexedDB.open("balance-films", 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("pieces");
      request.result.createObjectStore("films");
    };
    request.onsuccess = () => done(request.result);
    request.onerror = () => failed(request.error);
  });
}
