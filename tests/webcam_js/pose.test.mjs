import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { Pose } from "../../balance/app/webcam/frontend/pose.mjs";

const BASE = "http://localhost/webcam/";
const VIDEO = { videoWidth: 1280, videoHeight: 720 };
let worker, sent;

beforeEach(() => {
  sent = [];
  globalThis.Worker = class {
    constructor() { worker = this; }
    postMessage(message) { if (message.image) sent.push(message); }
  };
  globalThis.createImageBitmap = async (_, { resizeWidth, resizeHeight }) =>
    ({ width: resizeWidth, height: resizeHeight, close() { this.closed = true; } });
});

const answer = (more) => worker.onmessage({ data: { ...sent.at(-1), points: [], ...more } });

test("one frame at a time, made small", async () => {
  const pose = new Pose(BASE, () => {});
  await pose.offer(VIDEO, 1, false);
  await pose.offer(VIDEO, 2, false);
  assert.equal(sent.length, 1);
  assert.deepEqual([sent[0].image.width, sent[0].image.height], [640, 360]);
  answer();
  assert.ok(sent[0].image.closed, "its memory is given back");
  await pose.offer(VIDEO, 3, false);
  assert.equal(sent.length, 2);
});

test("landmarks do not wait for the counting of people, and no frame grows old", async () => {
  const seen = [];
  const pose = new Pose(BASE, (result) => seen.push(result));
  await pose.offer(VIDEO, 1, true);
  assert.ok(sent[0].count);
  answer({ counting: true });
  assert.equal(seen.length, 1);
  assert.equal(seen[0].people, undefined);
  await pose.offer(VIDEO, 2, true);
  assert.equal(sent.length, 1, "the worker is still counting");
  worker.onmessage({ data: { counted: { people: 2, luma: 90 } } });
  await pose.offer(VIDEO, 3, true);
  assert.ok(!sent[1].count, "only now and then");
  answer();
  assert.deepEqual([seen[1].people, seen[1].luma], [2, 90]);
  await pose.offer(VIDEO, 4, true);
  answer();
  assert.equal(seen[2].people, undefined, "told once");
});

test("what goes wrong is told, and the next frame is looked at", async () => {
  const told = [];
  const pose = new Pose(BASE, () => {}, (error) => told.push(error));
  pose.ready.catch(() => {});
  await pose.offer(VIDEO, 1, false);
  worker.onmessage({ data: { error: "out of memory" } });
  assert.deepEqual(told, ["out of memory"]);
  await pose.offer(VIDEO, 2, false);
  assert.equal(sent.length, 2);
});
