// Where the pose runtime is missing nobody can tell when a trial begins and ends: record a
// fixed time, say when to lift the foot, and let the measurement find the rest.

const COUNTDOWN = 5;

export function recordByHand(stage) {
  let stopped = false;
  const done = (async () => {
    stage.screen.phase("running");
    stage.screen.note("The part that watches you live is missing, so you start and stop " +
      "yourself. The video is measured all the same. To add it: " +
      "python -m balance.app.webcam.fetch_runtime");
    stage.record();
    for (let left = COUNTDOWN; left > 0 && !stopped; left--) {
      tell(stage, String(left), "Stand on both feet.", "tick");
      await seconds(1);
    }
    tell(stage, "Begin now", "Put your foot down before you fall. Press Stop at the end.",
      "start");
    const until = performance.now() + stage.config.seconds * 1000;
    while (!stopped && performance.now() < until) await seconds(0.2);
    tell(stage, "Finished", "Your video is being measured.", "stop");
    await stage.keepVideo({ kind: "", side: "", number: 1, hold_s: null, by_hand: true });
    stage.closeCamera();
    stage.phase = "finished";
    stage.screen.phase("finished");
  })();
  return { done, stop() { stopped = true; } };
}

function tell(stage, headline, advice, tone) {
  stage.screen.say(headline, advice);
  stage.sound.beep(tone);
  if (tone === "tick") stage.sound.say("count", headline);
  else stage.sound.say("go", `${headline}. ${advice}`);
}

function seconds(n) {
  return new Promise((done) => setTimeout(done, n * 1000));
}
