// The line to the one brain: frames go out, decisions come back. Frames that were not
// answered are sent again after a lost connection, and no cue is heard twice.

export const REFUSED = 4403; // the server does not know this page (any more)
const KEPT_FRAMES = 900; // a minute at fifteen frames a second
const SILENT_MS = 1000;

export class Link {
  // `on` has answer(view, events, timing), state(word); `open` makes a WebSocket.
  constructor(url, on, open = (u) => new WebSocket(u), now = () => performance.now()) {
    this.url = url;
    this.on = on;
    this.open = open;
    this.now = now;
    this.waiting = []; // frames without an answer, oldest first
    this.sentAt = new Map();
    this.heard = 0;
    this.next = 0;
    this.lastAnswer = null;
    this.closed = true;
  }

  connect() {
    this.closed = false;
    const socket = this.open(this.url);
    this.socket = socket;
    socket.onopen = () => {
      this.on.state("open");
      this.transmit({ frames: this.waiting });
    };
    socket.onmessage = (message) => this.receive(JSON.parse(message.data));
    socket.onclose = (event) => {
      if (this.closed || this.socket !== socket) return;
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
    const frame = { q: this.next++, ...message };
    this.waiting.push(frame);
    if (this.waiting.length > KEPT_FRAMES) this.waiting.shift();
    this.sentAt.set(frame.q, { sent: this.now(), taken: message.t });
    this.transmit({ frames: [frame] });
  }

  press(button) {
    this.transmit({ press: button });
  }

  lose(why) {
    this.transmit({ lost: why });
  }

  // Nothing heard for a second: whatever is on the screen is no longer true.
  isStale() {
    return this.lastAnswer === null || this.now() - this.lastAnswer > SILENT_MS;
  }

  transmit(message) {
    if (this.socket?.readyState !== 1) return;
    this.socket.send(JSON.stringify({ ...message, heard: this.heard }));
  }

  receive(answer) {
    this.lastAnswer = this.now();
    this.waiting = this.waiting.filter((frame) => frame.q > answer.q);
    const events = answer.events.filter((event) => event.id > this.heard);
    if (events.length) this.heard = events[events.length - 1].id;
    const timing = this.sentAt.get(answer.q);
    for (const q of this.sentAt.keys()) if (q <= answer.q) this.sentAt.delete(q);
    this.on.answer(answer.view, events, timing && {
      taken: timing.taken,
      roundTrip: this.lastAnswer - timing.sent,
    });
  }
}
