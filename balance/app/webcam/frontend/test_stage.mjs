// One sitting in the browser: camera → pose → server → words, beeps and videos.
// The server decides; this conducts.

import { closeCamera, openCamera, whyNoCamera } from "./camera.mjs";
import { drawFrame } from "./draw.mjs";
import { Link } from "./link.mjs";
import { recordByHand } from "./by_hand.mjs";
import { Meter } from "./meter.mjs";
import { Pace } from "./pace.mjs";
import { packLandmarks } from "./packet.mjs";
import { Pose } from "./pose.mjs";
import { Recorder } from "./recorder.mjs";
import { Sound } from "./sound.mjs";

const SLOW = "This computer is busy, so the seconds on the screen are rough. The result " +
  "is measured from the video. Closing other programs helps.";
const NOT_WATCHED = "I cannot watch you now. Put your foot down and hold on.";
// So long without an answer, and nobody would notice a fall.
const UNWATCHED_MS = 2500;
const WATCHED = ["go", "running", "after"];
// A finished test gives the page back by itself.
const SHOWN_FINISHED_MS = 8000;

const EMPTY_FRAME_MS = 200;

export class TestStage {
  constructor(screen, store, outbox, base, config) {
    Object.assign(this, { screen, store, outbox, base, config });
    this.video = document.createElement("video");
    this.video.muted = this.video.playsInline = true;
    this.sound = new Sound((text) => screen.spoken(text));
    this.meter = new Meter();
    this.pace = new Pace();
    this.phase = "idle";
    this.onHidden = () => {
      if (document.hidden && this.link) this.link.lose("The page was hidden.");
    };
    document.addEventListener("visibilitychange", this.onHidden);
    // Back ends the test and stays on its page: whoever leaves is told.
    this.onBack = () => { if (screen.stage.matches(":modal")) this.back(); };
    addEventListener("popstate", this.onBack, { capture: true });
    screen.say("When you are ready", config.invitation);
  }

  async press(button) {
    if (button === "start") await this.start();
    else if (button === "mute") this.mute();
    else if (button === "close") this.toThePage();
    else if (button === "leave") this.giveUp();
    else if (button === "escape") this.escape();
    else if (this.byHand && button === "stop") this.byHand.stop();
    else if (this.phase === "unplugged" && button === "all_right") await this.resume();
    else this.link?.press(button);
  }

  // The voice and a screen reader would say the same thing twice.
  mute() {
    this.sound.muted = !this.sound.muted;
    if (this.sound.muted) window.speechSynthesis?.cancel();
    const button = this.screen.root.querySelector("[data-press=mute]");
    button.textContent = this.sound.muted ? "Voice on" : "Voice off";
    button.setAttribute("aria-pressed", this.sound.muted);
  }

  toThePage() {
    clearTimeout(this.closing);
    this.screen.phase("idle", this.config.once ? [] : ["start"]);
    this.screen.enable("Test once more");
    this.over = true; // when to stop is said before a test, not over its results
    this.screen.rules([]);
    this.screen.note("");
    this.screen.say("Finished", "Your results are below.");
  }

  giveUp() {
    this.closeCamera();
    this.givenUp = true;
    this.screen.phase("idle");
    this.screen.say("When you are ready", this.config.invitation);
  }

  escape() {
    if (this.phase === "finished") this.toThePage();
    else if (this.screen.stage.dataset.phase === "starting") this.giveUp();
    else if (this.phase !== "halted") this.press("stop");
  }

  back() {
    history.pushState({ balance: "test" }, ""); // for the next press
    this.escape();
  }

  async start() {
    if (this.starting) return;
    if (history.state?.balance !== "test") history.pushState({ balance: "test" }, "");
    this.starting = true;
    this.givenUp = false;
    clearTimeout(this.closing);
    this.sound.unlock();
    this.screen.note("");
    this.screen.phase("starting");
    try {
      if (!this.config.camera) {
        this.openLink();
        this.keepTime();
        return;
      }
      await this.openCamera();
      if (this.givenUp) return;
      if (!this.config.runtime) {
        this.byHand = recordByHand(this);
        await this.byHand.done;
        this.byHand = null;
        return;
      }
      await this.openPose();
      if (this.givenUp) return;
      this.openLink();
    } catch (error) {
      this.screen.phase("idle");
      this.screen.say("The camera is not ready");
      this.screen.note(whyNoCamera(error));
    } finally {
      this.starting = false;
    }
  }

  async openCamera() {
    if (this.stream?.active) return;
    this.screen.say("Opening the camera …", "Your browser may ask whether it may.");
    this.stream = await openCamera(this.video, () => this.unplugged());
    if (this.givenUp) return this.closeCamera();
    this.nextFrame();
  }

  async openPose() {
    this.screen.say("Getting ready …", "This takes a few seconds the first time.");
    this.pose ??= new Pose(this.base, (result) => this.seen(result),
      (error) => this.screen.note(`The frame could not be read: ${error}`));
    await this.pose.ready;
  }

  openLink() {
    if (this.link && !this.link.closed) return;
    this.again = this.phase === "finished";
    const url = new URL("live", this.base);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("sid", this.config.sid);
    this.meter.reset();
    this.pace = new Pace();
    this.link = new Link(url.href, {
      answer: (view, events, timing) => this.answered(view, events, timing),
      state: (word) => this.lineState(word),
    });
    this.link.connect();
    clearInterval(this.watching);
    this.watching = setInterval(() => this.beWatched(), 500);
  }

  // Where no answer comes, the page itself says what to do.
  beWatched() {
    const watched = WATCHED.includes(this.phase) && this.config.camera;
    if (watched && this.link && !this.link.closed && this.link.silentMs > UNWATCHED_MS) {
      this.screen.stale();
      if (this.unwatched) return;
      this.unwatched = true;
      this.screen.note(NOT_WATCHED);
      this.sound.beep("alarm");
      this.sound.say("not_watched", NOT_WATCHED);
    } else if (this.unwatched && this.link?.silentMs < UNWATCHED_MS) {
      this.unwatched = false;
      this.screen.unnote(NOT_WATCHED);
      this.link.lose("I could not watch you.");
    }
  }

  // Where nobody is recorded, empty frames are the clock of whoever decides.
  keepTime() {
    clearInterval(this.ticking);
    this.ticking = setInterval(() => {
      if (this.link?.closed) return;
      this.link.frame({ t: performance.now(), s: [1, 1], l: "" });
    }, EMPTY_FRAME_MS);
  }

  nextFrame() {
    if (this.left) return;
    this.video.requestVideoFrameCallback((now, about) => {
      this.nextFrame();
      this.latest = about.captureTime ?? now;
      if (this.byHand) this.drawPlain();
      this.offer();
    });
  }

  // The newest frame, unless it was looked at; asked when one comes and when the
  // worker gets free, so that it never waits for the camera's next.
  offer() {
    if (!this.link || this.link.closed || this.latest === this.offered) return;
    if (this.pose?.busy) return;
    this.offered = this.latest;
    this.pose?.offer(this.video, this.latest, this.phase === "set_up");
  }

  drawPlain() {
    const { videoWidth: width, videoHeight: height } = this.video;
    this.screen.canvas.width = width;
    this.screen.canvas.height = height;
    const pen = this.screen.canvas.getContext("2d");
    pen.setTransform(-1, 0, 0, 1, width, 0);
    pen.drawImage(this.video, 0, 0);
  }

  seen({ image, points, taken, size, took, luma, people }) {
    if (this.left) return;
    this.offer();
    const late = this.pace.late;
    this.link?.frame({ t: taken, s: size, l: packLandmarks(points), luma, people, late });
    drawFrame(this.screen.canvas, image, points);
    this.meter.pose(took);
    if (this.meter.answers.length > 3 && this.link?.isStale()) this.screen.stale();
    if (this.meter.poses.length % 10 === 0) this.publish();
  }

  answered(view, events, timing) {
    for (const event of events) this.cue(event, view, timing);
    if (this.phase === "unplugged" || this.left) return;
    const before = this.phase;
    this.phase = this.link.closed ? "finished" : view.phase;
    this.screen.show(view);
    if (this.link.isStale() && this.meter.answers.length > 3) this.screen.stale();
    // Between tries only: a note that comes and goes would move the rest.
    if (before !== view.phase || view.phase === "set_up") {
      if (view.slow) this.screen.note(SLOW);
      else this.screen.unnote(SLOW);
    }
    if (timing) {
      const now = performance.now(), age = now - timing.taken;
      this.meter.answer(now, timing.roundTrip, age);
      this.pace.answer(age);
    }
    this.publish();
  }

  cue(event, view, timing) {
    if (event.tone) this.sound.beep(event.tone);
    this.sound.say(event.cue, event.say);
    if (timing && event.tone) {
      this.meter.cue(performance.now() - timing.taken, event.cue);
    }
    this.lastView = view;
    if (event.cue === "record") this.record();
    if (event.cue === "save") this.keepVideo(view.done.at(-1));
    if (event.cue === "discard") this.keepVideo(null);
    if (event.cue === "finished") this.finish();
  }

  record() {
    this.recorder ??= new Recorder(this.stream, this.store);
    if (!this.recorder.isRunning) this.recorder.start();
  }

  async keepVideo(trial) {
    const recorder = this.recorder;
    this.recorder = null;
    const key = await recorder?.stop(trial && { trial, visit: this.config.visit });
    if (key) this.outbox.flush();
  }

  finish() {
    this.link.close();
    this.closeCamera();
    clearInterval(this.watching);
    this.phase = "finished";
    this.closing = setTimeout(() => this.toThePage(), SHOWN_FINISHED_MS);
  }

  unplugged() {
    this.link?.lose("The camera stopped.");
    this.phase = "unplugged";
    this.screen.phase("halted");
    this.screen.say("Are you all right?", "The camera stopped. Plug it in again, then " +
      "press “I am all right”.");
    this.sound.beep("alarm");
    this.stream = null;
  }

  async resume() {
    try {
      await this.openCamera();
      this.phase = "halted";
      this.link?.press("all_right");
    } catch (error) {
      this.screen.phase("halted");
      this.screen.note(whyNoCamera(error));
    }
  }

  // The server does not know this page any more: it was started anew.
  lineState(word) {
    if (word === "open") {
      this.screen.note("");
      if (this.again) this.link.press("again");
      this.again = false;
    }
    if (word === "lost") this.screen.note("The connection was lost; trying again …");
    if (word !== "refused") return;
    this.keepVideo(this.lastView?.done.at(-1) ?? null);
    this.closeCamera();
    this.phase = "finished";
    this.screen.phase("idle", []);
    this.screen.say("Please reload this page", "The program was started anew.");
  }

  publish() {
    Object.assign(this.screen.stage.dataset, {
      decisions: this.meter.answers.length,
      meter: JSON.stringify(this.meter.report()),
      beeps: this.sound.played,
      late: this.pace.late,
      spoken: JSON.stringify(this.sound.voice.log),
      recording: Boolean(this.recorder?.isRunning),
    });
  }

  closeCamera() {
    closeCamera(this.video, this.stream);
    this.stream = null;
  }

  leave() {
    this.left = true;
    clearInterval(this.ticking);
    clearInterval(this.watching);
    clearTimeout(this.closing);
    document.removeEventListener("visibilitychange", this.onHidden);
    removeEventListener("popstate", this.onBack, { capture: true });
    this.keepVideo(null);
    this.link?.close();
    this.pose?.close();
    this.closeCamera();
    this.sound.hush();
  }
}
