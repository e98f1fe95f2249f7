// The door between Streamlit and the webcam. Streamlit calls mount again, without a
// cleanup, whenever `data` changes: the stage stays, only its configuration moves.

import { Outbox } from "./outbox.mjs";
import { openStore } from "./piece_store.mjs";
import { Screen } from "./screen.mjs";
import { TestStage } from "./test_stage.mjs";

const mounted = new WeakMap();

export function mount({ parentElement, data }, base) {
  let here = mounted.get(parentElement);
  if (!here) {
    here = new Place(parentElement, base);
    mounted.set(parentElement, here);
  }
  here.configure(data);
  return () => {
    mounted.delete(parentElement);
    here.leave();
  };
}

class Place {
  constructor(parent, base) {
    this.base = base;
    this.screen = new Screen(parent, base, (button) => this.press(button));
    this.store = openStore();
  }

  press(button) {
    if (button === "send_again") this.outbox?.again();
    else if (button === "take_file") this.takeFiles();
    else if (button === "forget") this.forget();
    else this.stage?.press(button);
  }

  // Videos that the program would not take, as files for whoever can help.
  async takeFiles() {
    for (const [key, about] of await this.outbox.store.finished()) {
      if (!about.aside) continue;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(await this.outbox.file(key, about));
      link.download = `balance-${key.slice(0, 8)}.${/mp4/.test(about.mime) ? "mp4" : "webm"}`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    }
    this.screen.root.querySelector("[data-way=forget]").hidden = false;
  }

  // Offered once they are files.
  async forget() {
    await this.outbox.forgetAside();
    this.screen.post("");
  }

  async configure(data) {
    this.config = data;
    this.screen.rules(this.stage?.over ? [] : data.rules ?? []);
    this.screen.hide(data.mode !== "test" && !this.stage);
    const store = await this.store;
    if (this.left || this.config !== data) return;
    // Compared with what was done, not with what came before: while the store opens a
    // second call overtakes the first, and without an outbox no video would be sent.
    if (this.outbox?.sid !== data.sid) this.openOutbox(store, data);
    const wanted = JSON.stringify([data.sid, data.mode, data.turn]);
    if (this.done === wanted) return;
    this.done = wanted;
    this.stage?.leave();
    this.stage = null;
    this.screen.hide(data.mode !== "test");
    if (data.mode === "test") {
      this.screen.phase("idle");
      this.stage = new TestStage(this.screen, store, this.outbox, this.base, data);
      this.screen.enable(data.camera ? "Start the camera" : "Start");
    }
  }

  openOutbox(store, { sid }) {
    this.outbox?.stop();
    this.outbox = new Outbox(store, { base: this.base, sid, on: (news) => this.tell(news) });
    this.outbox.flush();
  }

  tell({ state, sent, of }) {
    this.screen.root.dataset.outbox = state;
    const words = {
      sending: `Saving your video … ${sent} of ${of}`,
      stored: "Your video is saved on this computer and is being measured.",
      waiting: "Your video is safe in this browser and will be sent when the program " +
        "answers again.",
      aside: "A video could not be measured. It is kept in this browser.",
    };
    this.screen.post(words[state] ?? "", state === "aside");
  }

  leave() {
    this.left = true;
    this.outbox?.stop();
    this.stage?.leave();
    this.screen.remove();
  }
}
