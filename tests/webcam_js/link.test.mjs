import assert from "node:assert/strict";
import { test } from "node:test";

import { Link, REFUSED } from "../../balance/app/webcam/frontend/link.mjs";

class FakeSocket {
  constructor() { this.readyState = 0; this.sent = []; }
  send(text) { this.sent.push(JSON.parse(text)); }
  open() { this.readyState = 1; this.onopen(); }
  answer(q, events = []) {
    this.onmessage({ data: JSON.stringify({ q, events, view: { phase: "running" } }) });
  }
  drop(code = 1006) { this.readyState = 3; this.onclose({ code }); }
  close() { this.readyState = 3; }
}

function setUp() {
  const sockets = [], cues = [], states = [];
  let now = 0;
  const link = new Link("ws://x", {
    answer: (view, events) => cues.push(...events.map((e) => e.cue)),
    state: (word) => states.push(word),
  }, () => { sockets.push(new FakeSocket()); return sockets.at(-1); }, () => now);
  link.connect();
  sockets[0].open();
  return { link, sockets, cues, states, at: (ms) => { now = ms; } };
}

test("one frame is on its way, and the newest goes next", () => {
  const { link, sockets } = setUp();
  for (let t = 0; t < 4; t++) link.frame({ t, l: "" });
  const numbers = () => sockets[0].sent.flatMap((m) => m.frames ?? []).map((f) => f.q);
  assert.deepEqual(numbers(), [0]);
  sockets[0].answer(0);
  assert.deepEqual(numbers(), [0, 3]);
  sockets[0].answer(3);
  assert.deepEqual(numbers(), [0, 3]);
});

test("after a lost connection only the newest frame is sent", async () => {
  const { link, sockets, states } = setUp();
  for (let t = 0; t < 3; t++) link.frame({ t, l: "" });
  sockets[0].drop();
  link.frame({ t: 3, l: "" });
  await new Promise((done) => setTimeout(done, 600));
  sockets[1].open();
  const sent = sockets[1].sent.flatMap((m) => m.frames);
  assert.deepEqual(sent.map((f) => f.q), [3]);
  assert.deepEqual(states, ["open", "lost", "open"]);
  link.close();
});

test("no cue is heard twice, whatever the server repeats", () => {
  const { link, sockets, cues } = setUp();
  link.frame({ t: 0, l: "" });
  sockets[0].answer(0, [{ id: 1, cue: "ready" }, { id: 2, cue: "go" }]);
  sockets[0].answer(0, [{ id: 2, cue: "go" }, { id: 3, cue: "second" }]);
  assert.deepEqual(cues, ["ready", "go", "second"]);
  link.press("stop");
  assert.equal(sockets[0].sent.at(-1).heard, 3);
});

test("a second without an answer is stale, and one answer does not cure it", () => {
  const { link, sockets, at } = setUp();
  assert.equal(link.isStale(), true);
  for (let q = 0; q < 3; q++) {
    link.frame({ t: q, l: "" });
    sockets[0].answer(q);
  }
  at(999);
  assert.equal(link.isStale(), false);
  at(1001);
  assert.equal(link.isStale(), true);
  sockets[0].answer(3);
  sockets[0].answer(4);
  assert.equal(link.isStale(), true);
  sockets[0].answer(5);
  assert.equal(link.isStale(), false);
});

test("a server that does not know the page is not asked again", async () => {
  const { sockets, states } = setUp();
  sockets[0].drop(REFUSED);
  await new Promise((done) => setTimeout(done, 600));
  assert.equal(sockets.length, 1);
  assert.equal(states.at(-1), "refused");
});
