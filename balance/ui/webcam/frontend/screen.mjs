// What the person sees: picture, light, headline, clock, buttons. Words come from the
// server; nothing is decided here.

const HTML = `
<section class="stage" data-phase="idle" aria-label="Webcam test">
  <div class="picture">
    <canvas width="640" height="360" role="img" aria-label="Camera picture"></canvas>
    <div class="top">
      <span class="light" data-part="light"></span>
      <span class="turn" data-part="turn"></span>
    </div>
    <div class="clock" data-part="clock" aria-hidden="true"></div>
  </div>
  <div class="words">
    <p class="headline" data-part="headline" role="status" aria-live="assertive"></p>
    <p class="advice" data-part="advice"></p>
  </div>
  <div class="buttons">
    <button data-press="start" class="main" disabled>Start the camera</button>
    <button data-press="all_right" class="main" hidden>I am all right</button>
    <button data-press="skip_rest" hidden>I have rested enough</button>
    <button data-press="stop" hidden>Stop</button>
    <button data-press="wide" hidden>Fill the screen</button>
  </div>
  <p class="note" data-part="note" role="status"></p>
</section>
<p class="post" data-part="post" role="status"></p>`;

// Which buttons make sense when.
const BUTTONS = {
  idle: ["start"],
  halted: ["all_right", "stop"],
  rest: ["skip_rest", "stop", "wide"],
  finished: ["start"],
};
const RUNNING = ["stop", "wide"];

export class Screen {
  constructor(parent, base, onPress) {
    this.root = document.createElement("div");
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = new URL("style.css", base);
    this.root.innerHTML = HTML;
    this.root.prepend(style);
    parent.append(this.root);
    this.stage = this.root.querySelector(".stage");
    this.canvas = this.root.querySelector("canvas");
    for (const button of this.root.querySelectorAll("button")) {
      button.onclick = () => onPress(button.dataset.press);
    }
    this.phase("idle");
  }

  part(name) { return this.root.querySelector(`[data-part=${name}]`); }

  // Only what changed is written: a screen reader speaks every change.
  write(name, text) {
    const part = this.part(name);
    if (part.textContent !== text) part.textContent = text;
  }

  phase(phase) {
    this.stage.dataset.phase = phase;
    const shown = BUTTONS[phase] ?? RUNNING;
    for (const button of this.root.querySelectorAll("button")) {
      button.hidden = !shown.includes(button.dataset.press);
    }
  }

  // Before the page has said which test it is, there is nothing to start.
  enable() { this.root.querySelector("[data-press=start]").disabled = false; }

  unnote(text) { if (this.part("note").textContent === text) this.note(""); }

  // News of films on their way; told even where there is no stage to tell it on.
  post(text) {
    this.write("post", this.stage.hidden ? text : "");
    if (!this.stage.hidden) this.note(text);
  }

  note(text) { this.write("note", text); }

  // Words of our own, before and after the server's.
  say(headline, advice = "") {
    this.write("headline", headline);
    this.write("advice", advice);
    this.write("clock", "");
  }

  show(view) {
    if (this.stage.dataset.phase !== view.phase) this.phase(view.phase);
    this.write("headline", view.headline);
    this.write("advice", view.advice);
    this.write("clock", clockText(view));
    const setUp = view.phase === "set_up" || view.phase === "countdown";
    const light = view.ready ? "✓ Ready" : "○ Not ready yet";
    this.part("light").dataset.ready = view.ready;
    this.write("light", setUp ? light : "");
    const leg = view.side === "both" ? "both legs" : `${view.side} leg`;
    this.write("turn", view.trials ? `Try ${view.trial} of ${view.trials} · ${leg}` : "");
    this.stage.dataset.stale = "false";
  }

  // An honest mark: what is on the screen may no longer be so.
  stale() {
    if (this.stage.dataset.stale === "true") return;
    this.stage.dataset.stale = "true";
    this.write("clock", "…");
  }

  fill() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.stage.requestFullscreen?.();
  }

  hide(hidden) { this.stage.hidden = hidden; }
  remove() { this.root.remove(); }
}

export function clockText(view) {
  if (view.phase === "running" && view.squats !== null) return String(view.squats);
  if (view.clock_s === null || view.clock_s === undefined) return "";
  return view.clock_s.toFixed(1);
}
