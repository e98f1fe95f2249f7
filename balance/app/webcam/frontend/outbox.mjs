// Videos on their way to the server. Each is kept in the browser until the server says
// that it has stored the whole of it, whatever happens in between: a lost connection,
// a restarted server, a reloaded page. What the server will not take is kept as well,
// put aside, until somebody sends it again, takes it as a file or deletes it.

const RETRY_MS = 2000;

export class Outbox {
  // `store` keeps pieces (see piece_store.mjs); `send` is fetch; `on` hears progress.
  constructor(store, { base, sid, send = (...a) => fetch(...a), on = () => {},
    wait = (ms) => new Promise((done) => setTimeout(done, ms)) }) {
    Object.assign(this, { store, base, sid, send, on, wait });
    this.running = null;
    this.stopped = false;
  }

  // Send everything that is complete; called again whenever something was added.
  flush() {
    this.running ??= this.work().finally(() => { this.running = null; });
    return this.running;
  }

  stop() {
    this.stopped = true;
  }

  async work() {
    while (!this.stopped) {
      const videos = await this.store.finished();
      const [key, about] = videos.find(([, one]) => !one.aside) ?? [];
      if (key === undefined) return this.offer(videos);
      const outcome = await this.deliver(key, about);
      if (outcome === "refused") return;
      if (outcome === "stored") {
        await this.store.forget(key);
        this.on({ key, state: "stored" });
      } else if (outcome === "unusable") {
        await this.store.finish(key, { ...about, aside: true });
      } else {
        this.on({ key, state: "waiting" });
        await this.wait(RETRY_MS);
      }
    }
  }

  // Videos that were put aside, if there are any, are named again after every delivery.
  offer(videos) {
    const aside = videos.filter(([, about]) => about.aside);
    if (aside.length) this.on({ key: aside[0][0], state: "aside", of: aside.length });
  }

  async again() {
    for (const [key, { aside, ...about }] of await this.store.finished()) {
      if (aside) await this.store.finish(key, about);
    }
    return this.flush();
  }

  async forgetAside() {
    for (const [key, { aside }] of await this.store.finished()) {
      if (aside) await this.store.forget(key);
    }
  }

  // The video of a key as one file.
  async file(key, { pieces, mime }) {
    const parts = [];
    for (let i = 0; i < pieces; i++) parts.push(await this.store.piece(key, i));
    return new Blob(parts.filter(Boolean), { type: mime });
  }

  async deliver(key, about) {
    try {
      let numbers = [...Array(about.pieces).keys()];
      for (let round = 0; round < 3 && numbers.length; round++) {
        for (const number of numbers) {
          const piece = await this.store.piece(key, number);
          const reply = await this.put(`${key}/${number}`, "PUT", piece);
          if (reply.status === 403) return "refused";
          if (reply.status === 400 || reply.status === 413) return "unusable";
          if (!reply.ok) return "waiting";
          this.on({ key, state: "sending", sent: number + 1, of: about.pieces });
        }
        const reply = await this.put(key, "POST", JSON.stringify(about));
        if (reply.ok) return "stored";
        if (reply.status === 403) return "refused";
        if (reply.status === 400) return "unusable";
        numbers = (await reply.json()).missing ?? [];
      }
      return "waiting";
    } catch {
      return "waiting"; // the server is away; the video is not
    }
  }

  put(path, method, body) {
    const url = `${this.base}clip/${path}?sid=${encodeURIComponent(this.sid)}`;
    return this.send(url, { method, body });
  }
}
