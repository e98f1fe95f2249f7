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
    <img class="exercise" data-part="picture" alt="" hidden>
  </div>
  <div class="words">
    <p class="headline" data-part="headline" role="status" aria-live="assertive"></p>
    <p class="advice" data-part="advice"></p>
  </div>
  <div class="buttons">
    <button data-press="start" class="main" disabled>Start the camera</button>
    <button data-press="all_right" class="main" hidden>I am all right</button>
    <button data-press="placed" class="main" hidden>The feet stand as asked</button>
    <button data-press="go_on" class="main" hidden>Go on</button>
    <button data-press="next" hidden>Next</button>
    <button data-press="pause" hidden>Pause</button>
    <button data-press="skip_rest" hidden>I have rested enough</button>
    <button data-press="held_on" hidden>A hand held on</button>
    <button data-press="eyes_opened" hidden>The eyes opened</button>
    <button data-press="stop" hidden>Stop</button>
    <button data-press="wide" hidden>Fill the screen</button>
  </div>
  <p class="note" data-part="note" role="status"></p>
  <p class="note" data-part="film" role="status"></p>
  <aside class="rules" aria-label="When to stop"><b>Stop</b><ul data-part="rules"></ul></aside>
</section>
<p class="post" data-part="post" role="status"></p>`;

// Which buttons make sense when nobody is asked but this page; else the server says.
const OWN_BUTTONS = {
  idle: ["start"],
  halted: ["all_right", "stop"],
  running: ["stop", "wide"],
  finished: ["start"],
};

export class Screen {
  constructor(parent, base, onPress) {
    this.base = base;
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

  phase(phase, shown = OWN_BUTTONS[phase]) {
    this.stage.dataset.phase = phase;
    for (const button of this.root.querySelectorAll("button")) {
      button.hidden = !shown.includes(button.dataset.press);
    }
  }

  // Before the page has said which test it is, there is nothing to start.
  enable(words) {
    const start = this.root.querySelector("[data-press=start]");
    start.disabled = false;
    start.textContent = words;
  }

  unnote(text) { if (this.part("note").textContent === text) this.note(""); }

  // News of films on their way, on a line of their own: a note that the computer is
  // slow must not take it. Told even where there is no stage to tell it on.
  post(text) {
    this.write("post", this.stage.hidden ? text : "");
    this.write("film", this.stage.hidden ? "" : text);
  }

  note(text) { this.write("note", text); }

  // Words of our own, before and after the server's.
  say(headline, advice = "") {
    this.write("headline", headline);
    this.write("advice", advice);
    this.write("clock", "");
  }

  show(view) {
    if (view.phase === "finished") this.phase(view.phase, this.once ? [] : undefined);
    else this.phase(view.phase, [...view.buttons, "wide"]);
    this.write("headline", view.headline);
    this.write("advice", view.advice);
    this.write("clock", view.clock);
    this.part("light").dataset.ready = view.ready;
    this.write("light", view.light);
    this.picture(view.picture);
    this.write("turn", view.turn);
    this.stage.dataset.stale = "false";
  }

  // An honest mark: what is on the screen may no longer be so.
  stale() {
    if (this.stage.dataset.stale === "true") return;
    this.stage.dataset.stale = "true";
    this.write("clock", "…");
  }

  // The drawing of what is to be done; its words are the headline's.
  picture(code) {
    const image = this.part("picture");
    image.hidden = !code;
    const address = code && new URL(`exercise/${code}.svg`, this.base).href;
    if (code && image.src !== address) image.src = address;
  }

  // When to stop: on the screen the whole time, in every phase.
  rules(texts) {
    this.part("rules").replaceChildren(...texts.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }));
  }

  fill() {
    if (document.fullscreenElement) document.exitFullscreen();
    else this.stage.requestFullscreen?.();
  }

  hide(hidden) { this.stage.hidden = hidden; }
  remove() { this.root.remove(); }
}
