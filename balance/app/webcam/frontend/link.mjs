// The line to the one brain: frames go out, decisions come back. One frame at a time is
// on its way; of those that come meanwhile only the newest is sent, so that no cue is
// older than one answer. No cue is heard twice.

export const REFUSED = 4403; // the server does not know this page (any more)
const SILENT_MS = 1000;
// So many answers in a row before a line that was silent is trusted again.
const TRUSTED_AFTER = 3;

export class Link {
  // `on` has answer(view, events, timing), state(word); `open` makes a WebSocket.
  constructor(url, on, open = (u) => new WebSocket(u), now = () => performance.now()) {
    this.url = url;
    this.on = on;
    this.open = open;
    this.now = now;
    this.flying = null; // the frame without an answer
    this.newest = null; // the frame that goes next
    this.sentAt = new Map();
    this.heard = 0;
    this.next = 0;
    this.lastAnswer = null;
    this.inARow = 0;
    this.closed = true;
  }

  connect() {
    this.closed = false;
    const socket = this.open(this.url);
    this.socket = socket;
    socket.onopen = () => {
      this.on.state("open");
      this.flying = null;
      this.transmit({ frames: [] });
      this.pump();
    };
    socket.onmessage = (message) => this.receive(JSON.parse(message.data));
    socket.onclose = (event) => {
      if (this.closed || this.socket !== socket) return;
      this.flying = null;
      if (event.code === REFUSED) {
        this.closed = true;
        this.on.state("refused");
      } else {
        this.on.state("lost");
        this.retry = setTimeout(() => this.connect(), 500);
      }
    };
  }

  close() {
    this.closed = true;
    clearTimeout(this.retry);
    this.socket?.close();
  }

  frame(message) {
    this.newest = { q: this.next++, ...message };
    this.pump();
  }

  pump() {
    if (this.flying || !this.newest || this.socket?.readyState !== 1) return;
    this.flying = this.newest;
    this.newest = null;
    this.sentAt.set(this.flying.q, { sent: this.now(), taken: this.flying.t });
    this.transmit({ frames: [this.flying] });
  }

  press(button) {
    this.transmit({ press: button });
  }

  lose(why) {
    this.transmit({ lost: why });
  }

  get silentMs() {
    return this.lastAnswer === null ? Infinity : this.now() - this.lastAnswer;
  }

  // Nothing heard for a second: whatever is on the screen is no longer true. It takes
  // several answers to be trusted again, so that the mark does not blink.
  isStale() {
    if (this.silentMs > SILENT_MS) this.inARow = 0;
    return this.inARow < TRUSTED_AFTER;
  }

  transmit(message) {
    if (this.socket?.readyState !== 1) return;
    this.socket.send(JSON.stringify({ ...message, heard: this.heard }));
  }

  receive(answer) {
    if (this.silentMs > SILENT_MS) this.inARow = 0;
    this.lastAnswer = this.now();
    this.inARow += 1;
    if (this.flying && answer.q >= this.flying.q) this.flying = null;
    const events = answer.events.filter((event) => event.id > this.heard);
    if (events.length) this.heard = events[events.length - 1].id;
    const timing = this.sentAt.get(answer.q);
    for (const q of this.sentAt.keys()) if (q <= answer.q) this.sentAt.delete(q);
    this.on.answer(answer.view, events, timing && {
      taken: timing.taken,
      roundTrip: this.lastAnswer - timing.sent,
    });
    this.pump();
  }
}
