// How far the measuring is, on top of every page. It asks the server itself and draws
// itself; only when something is finished the page comes anew. A page that is drawn
// anew every second loses presses.

import { BackGuard } from "./back.mjs";

const EVERY_MS = 1000;
const AGAIN_MS = 4000; // a trigger can be lost
// A page that comes anew while a press leads to another one would come instead of it.
const AFTER_PRESS_MS = 2500;
const ACTS = ["pointerdown", "click", "keydown"];
const HALF_A_DAY_S = 12 * 3600;
const STYLE = `
  .measuring { display: grid; gap: .4rem; margin: 0; padding: 0; list-style: none; }
  .measuring li { display: grid; gap: .2rem; padding: .6rem .9rem; border-radius: 12px;
    border: 1px solid color-mix(in srgb, currentColor 22%, transparent); font-size: .95rem; }
  progress { width: 100%; height: .7rem; accent-color: #0b6e6e; }`;
const mounted = new WeakMap();

export function mount({ parentElement, data, setTriggerValue }, base) {
  let here = mounted.get(parentElement);
  if (!here) {
    here = new Follower(parentElement, base);
    mounted.set(parentElement, here);
  }
  here.configure(data, setTriggerValue);
  return () => {
    mounted.delete(parentElement);
    here.leave();
  };
}

class Follower {
  constructor(parent, base) {
    this.base = base;
    this.root = document.createElement("div");
    this.root.innerHTML = `<style>${STYLE}</style><ul class="measuring"></ul>`;
    parent.append(this.root);
    this.list = this.root.querySelector("ul");
    this.guard = new BackGuard();
    this.acted = -Infinity;
    this.onAct = () => { this.acted = performance.now(); };
    for (const act of ACTS) addEventListener(act, this.onAct, { capture: true });
    this.timer = setInterval(() => this.ask(), EVERY_MS);
  }

  configure(data, trigger) {
    this.data = data;
    this.trigger = trigger;
    this.told = 0;
    // So that a reloaded page and a second tab find the visit again.
    document.cookie = `balance_visit=${data.visit}; path=/; SameSite=Strict; ` +
      `max-age=${HALF_A_DAY_S}`;
    this.draw(data.jobs);
  }

  async ask() {
    if (document.hidden || this.asking) return;
    this.asking = true;
    try {
      const reply = await fetch(`${this.base}state?sid=${encodeURIComponent(this.data.sid)}`);
      if (!reply.ok || this.left) return;
      const { stamp, jobs } = await reply.json();
      this.draw(jobs);
      if (stamp !== this.data.stamp && performance.now() - this.told > AGAIN_MS &&
          !this.isPageBusy()) {
        this.told = performance.now();
        this.trigger("stamp", stamp);
      }
    } catch { /* the server is away; it is asked again */ } finally {
      this.asking = false;
    }
  }

  isPageBusy() {
    const { testScriptState } = document.querySelector(".stApp")?.dataset ?? {};
    const running = testScriptState !== undefined && testScriptState !== "notRunning";
    return running || performance.now() - this.acted < AFTER_PRESS_MS;
  }

  draw(jobs) {
    const drawn = JSON.stringify(jobs);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const waiting = jobs.filter((job) => job.waits);
    const items = jobs.filter((job) => !job.waits).map(({ name, doing, share }) => {
      const bar = Object.assign(document.createElement("progress"), { max: 1, value: share });
      bar.setAttribute("aria-label", `Measuring ${name}`);
      return this.item(`Measuring ${name}: ${doing}`, bar);
    });
    if (waiting.length === 1) items.push(this.item(`${waiting[0].name} waits for its turn`));
    else if (waiting.length) items.push(this.item(`${waiting.length} wait for their turn`));
    this.list.replaceChildren(...items);
    this.list.hidden = !jobs.length;
  }

  item(text, ...more) {
    const item = document.createElement("li");
    item.append(Object.assign(document.createElement("span"), { textContent: text }), ...more);
    return item;
  }

  leave() {
    this.left = true;
    clearInterval(this.timer);
    this.guard.leave();
    for (const act of ACTS) removeEventListener(act, this.onAct, { capture: true });
    this.root.remove();
  }
}
