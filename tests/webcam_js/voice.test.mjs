import assert from "node:assert/strict";
import { test } from "node:test";

import { Pace } from "../../balance/app/webcam/frontend/pace.mjs";
import { Voice } from "../../balance/app/webcam/frontend/voice.mjs";

function setUp() {
  const begun = [];
  let now = 0, done = () => {};
  const voice = new Voice({
    speak: (text, ended) => { begun.push(text); done = ended; },
    silence: () => begun.push("(silence)"),
    now: () => now,
  });
  return { voice, begun, end: () => done(), at: (ms) => { now = ms; } };
}

test("an instruction is said to its end, and numbers meanwhile are not said late", () => {
  const { voice, begun, end } = setUp();
  voice.say("go", "Stand on your left leg.");
  voice.say("second", "5");
  voice.say("hint", "Step back.");
  voice.say("position", "Next the right leg.");
  assert.deepEqual(begun, ["Stand on your left leg."]);
  end();
  assert.deepEqual(begun, ["Stand on your left leg.", "Next the right leg."]);
});

test("a number or a hint gives way to an instruction", () => {
  const { voice, begun } = setUp();
  voice.say("count", "3");
  voice.say("go", "Lift your foot.");
  assert.deepEqual(begun, ["3", "(silence)", "Lift your foot."]);
  assert.deepEqual(voice.log.map((one) => one.became), ["cut"]);
});

test("a stop comes at once and empties what waits", () => {
  const { voice, begun, end } = setUp();
  voice.say("position", "Next the right leg.");
  voice.say("rest", "Rest for 30 seconds.");
  voice.say("are_you_all_right", "Are you all right?");
  assert.deepEqual(begun.at(-1), "Are you all right?");
  end();
  assert.equal(begun.length, 3);
});

test("what has become old before its turn is dropped", () => {
  const { voice, begun, end, at } = setUp();
  voice.say("go", "Lift your foot.");
  voice.say("knee", "Knee out.");
  at(4000);
  end();
  assert.deepEqual(begun, ["Lift your foot."]);
  assert.deepEqual(voice.log.map((one) => one.became), ["whole", "dropped"]);
});

test("a newer hint takes the place of an older one", () => {
  const { voice, begun, end } = setUp();
  voice.say("position", "Next the left leg.");
  voice.say("hint", "Step back.");
  voice.say("hint", "Step forward.");
  end();
  assert.deepEqual(begun, ["Next the left leg.", "Step forward."]);
});

test("answers that are old or few make the pace too slow, and fresh ones cure it", () => {
  let now = 0;
  const pace = new Pace(() => now);
  const run = (seconds, hz, age) => {
    for (let i = 0; i < seconds * hz; i++) { now += 1000 / hz; pace.answer(age); }
    return pace.late;
  };
  assert.equal(run(8, 12, 150), false);
  assert.equal(run(8, 12, 800), true);
  assert.equal(run(8, 12, 150), false);
  assert.equal(run(8, 2, 150), true);
});
