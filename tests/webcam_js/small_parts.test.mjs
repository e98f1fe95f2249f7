import assert from "node:assert/strict";
import { test } from "node:test";

import { keyed } from "../../balance/app/player/player.mjs";
import { whyNoCamera } from "../../balance/app/webcam/frontend/camera.mjs";
import { quantile } from "../../balance/app/webcam/frontend/meter.mjs";
import { packLandmarks } from "../../balance/app/webcam/frontend/packet.mjs";

test("landmarks are packed as little-endian ten-thousandths", () => {
  const packed = packLandmarks([{ x: 0.5, y: 0.25 }, { x: -0.1, y: 9 }]);
  const bytes = Uint8Array.from(atob(packed), (c) => c.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  assert.deepEqual([0, 2, 4, 6].map((i) => view.getInt16(i, true)),
    [5000, 2500, -1000, 32767]);
});

test("nobody is the empty string", () => {
  assert.equal(packLandmarks(null), "");
});

test("why there is no camera is said in words", () => {
  assert.match(whyNoCamera({ name: "NotAllowedError" }), /allow it/);
  assert.match(whyNoCamera({ name: "NotFoundError" }), /Plug one in/);
  assert.match(whyNoCamera({ name: "NotReadableError" }), /Another program/);
  assert.equal(whyNoCamera(new Error("odd")), "odd");
});

test("a quantile of nothing is not a number", () => {
  assert.ok(Number.isNaN(quantile([], 0.5)));
  assert.equal(quantile([3, 1, 2], 0.5), 2);
});

test("keys move a time line, and no further than its ends", () => {
  const video = { from_s: 0, to_s: 10 };
  assert.equal(keyed("ArrowRight", 5, video), 5.1);
  assert.equal(keyed("PageUp", 0.4, video), 0);
  assert.equal(keyed("End", 5, video), 10);
  assert.equal(keyed("a", 5, video), null);
});
