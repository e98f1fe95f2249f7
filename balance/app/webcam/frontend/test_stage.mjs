// One sitting in the browser: camera → pose → server → words, beeps and films.
// The server decides; this conducts.

import { closeCamera, openCamera, whyNoCamera } from "./camera.mjs";
import { drawPicture } from "./draw.mjs";
import { Link } from "./link.mjs";
import { filmByHand } from "./by_hand.mjs";
import { Meter } from "./meter.mjs";
import { packLandmarks } from "./packet.mjs";
import { Pose } from "./pose.mjs";
import { Recorder } from "./recorder.mjs";
import { Sound } from "./sound.mjs";

const SLOW = "This computer is busy, so the seconds on the screen are rough. The result " +
  "is measured from the film and is exact. Closing other programs helps.";

const EMPTY_FRAME_MS = 200;

export class TestStage {
  constructor(screen, store, outbox, base, config) {
    Object.assign(this, { screen, store, outbox, base, config });
    this.video = document.createElement("video");
    this.video.muted = this.video.playsInline = true;
    this.sound = new Sound();
    this.meter = new Meter();
    this.phase = "idle";
    this.onHidden = () => {
      if (document.hidden && this.link) this.link.lose("The page was hidden.");
    };
    document.addEventListener("visibilitychange", this.onHidden);
    screen.say("When you are ready", config.invitation);
  }

  async press(button) {
    if (button === "start") await this.start();
    else if (button === "wide") this.screen.fill();
    else if (this.byHand && button === "stop") this.byHand.stop();
    else if (this.phase === "unplugged" && button === "all_right") await this.resume();
    else this.link?.press(button);
  }

  async start() {
    if (this.starting) return;
    this.starting = true;
    this.sound.unlock();
    this.screen.note("");
    try {
      if (!this.config.camera) {
        this.openLink();
        this.keepTime();
        return;
      }
      await this.openCamera();
      if (!this.config.runtime) {
        this.byHand = filmByHand(this);
        await this.byHand.done;
        this.byHand = null;
        return;
      }
      await this.openPose();
      this.openLink();
    } catch (error) {
      this.screen.say("The camera is not ready");
      this.screen.note(whyNoCamera(error));
      this.screen.phase("idle");
    } finally {
      this.starting = false;
    }
  }

  async openCamera() {
    if (this.stream?.active) return;
    this.screen.say("Opening the camera …", "Your browser may ask whether it may.");
    this.stream = await openCamera(this.video, () => this.unplugged());
    this.nextFrame();
  }

  async openPose() {
    this.screen.say("Getting ready …", "This takes a few seconds the first time.");
    this.pose ??= new Pose(this.base, (result) => this.seen(result),
      (error) => this.screen.note(`The picture could not be read: ${error}`));
    await this.pose.ready;
  }

  openLink() {
    if (this.link && !this.link.closed) return;
    this.again = this.phase === "finished";
    const url = new URL("live", this.base);
    url.protocol = url.protocol.replace("http", "ws");
    url.searchParams.set("sid", this.config.sid);
    this.meter.reset();
    this.link = new Link(url.href, {
      answer: (view, events, timing) => this.answered(view, events, timing),
      state: (word) => this.lineState(word),
    });
    this.link.connect();
  }

  // Where nobody is filmed, empty frames are the clock of whoever decides.
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

  // The newest picture, unless it was looked at; asked when one comes and when the
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

  seen({ picture, points, taken, size, took, luma, people }) {
    if (this.left) return;
    this.offer();
    this.link?.frame({ t: taken, s: size, l: packLandmarks(points), luma, people });
    drawPicture(this.screen.canvas, picture, points);
    this.meter.pose(took);
    if (this.link?.isStale() && this.phase !== "idle") this.screen.stale();
    if (this.meter.poses.length % 10 === 0) this.publish();
  }

  answered(view, events, timing) {
    for (const event of events) this.cue(event, view, timing);
    if (this.phase === "unplugged" || this.left) return;
    this.phase = this.link.closed ? "finished" : view.phase;
    this.screen.show(view);
    if (view.slow) this.screen.note(SLOW);
    else this.screen.unnote(SLOW);
    if (timing) this.meter.answer(performance.now(), timing.roundTrip);
    this.publish();
  }

  cue(event, view, timing) {
    if (event.tone) this.sound.beep(event.tone);
    this.sound.say(event.say);
    if (timing && event.tone) {
      this.meter.cue(performance.now() - timing.taken, event.cue);
    }
    this.lastView = view;
    if (event.cue === "record") this.film();
    if (event.cue === "save") this.keepFilm(view.done.at(-1));
    if (event.cue === "discard") this.keepFilm(null);
    if (event.cue === "finished") this.finish();
  }

  film() {
    this.recorder ??= new Recorder(this.stream, this.store);
    if (!this.recorder.isRunning) this.recorder.start();
  }

  async keepFilm(trial) {
    const recorder = this.recorder;
    this.recorder = null;
    const key = await recorder?.stop(trial && { trial });
    if (key) this.outbox.flush();
  }

  finish() {
    this.link.close();
    this.closeCamera();
    this.phase = "finished";
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
    this.keepFilm(this.lastView?.done.at(-1) ?? null);
    this.closeCamera();
    this.screen.say("Please reload this page", "The program was started anew.");
    this.screen.phase("finished");
  }

  publish() {
    Object.assign(this.screen.stage.dataset, {
      decisions: this.meter.answers.length,
      meter: JSON.stringify(this.meter.report()),
      beeps: this.sound.played,
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
    document.removeEventListener("visibilitychange", this.onHidden);
    this.keepFilm(null);
    this.link?.close();
    this.pose?.close();
    this.closeCamera();
    this.sound.hush();
  }
}
