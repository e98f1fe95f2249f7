// What the person sees. Before and after a test a panel on the page; during it a view of
// its own that fills the window, never scrolls and has no menu. Words come from the
// server; nothing is decided here.

const HTML = `
<dialog class="stage" data-phase="idle" aria-label="Test in front of the camera">
  <div class="camera">
    <canvas width="640" height="360" role="img" aria-label="Camera image"></canvas>
    <span class="light" data-part="light"></span>
    <img class="exercise" data-part="drawing" alt="" hidden>
  </div>
  <div class="side">
    <div class="words">
      <p class="try" data-part="try"></p>
      <p class="leg" data-part="leg"></p>
      <p class="headline" data-part="headline"></p>
      <p class="advice" data-part="advice"></p>
    </div>
    <div class="clock" data-part="clock" aria-hidden="true"></div>
    <p class="note" data-part="note" role="status"></p>
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
      <button data-press="mute" hidden aria-pressed="false">Voice off</button>
      <button data-press="leave" hidden>Leave</button>
      <button data-press="close" class="main" hidden>Go to the results</button>
    </div>
    <p class="note" data-part="video" role="status"></p>
  </div>
  <p class="spoken" data-part="spoken" role="status" aria-live="assertive"></p>
</dialog>
<aside class="rules" aria-label="When to stop"><b>When to stop</b><ul data-part="rules"></ul></aside>
<div class="post"><p data-part="post" role="status"></p>
  <p class="ways" hidden><button data-way="send_again">Send it again</button>
  <button data-way="take_file">Save it as a file</button>
  <button data-way="forget" hidden>Delete it</button></p></div>`;

// Which buttons make sense when nobody is asked but this page; else the server says.
const OWN_BUTTONS = {
  idle: ["start"],
  starting: ["leave"],
  halted: ["all_right", "stop"],
  running: ["stop"],
  finished: ["close"],
};
// On the page; all other phases fill the window.
const ON_THE_PAGE = ["idle"];
// Read while standing three metres away, these need no second line: the voice says it.
const SPOKEN_ONLY = ["running", "countdown", "go", "after", "rest", "set_up"];
const SMALLEST_PX = 16;
// Of the window's height: capitals of 12 mm on a 13-inch screen, 175 mm high.
const READABLE = 0.0985;

export class Screen {
  constructor(parent, base, onPress) {
    this.base = base;
    this.root = document.createElement("div");
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = new URL("style.css", base);
    style.onload = () => this.fit();
    this.root.innerHTML = HTML;
    this.root.prepend(style);
    parent.append(this.root);
    this.stage = this.root.querySelector(".stage");
    this.canvas = this.root.querySelector("canvas");
    for (const button of this.root.querySelectorAll("[data-press]")) {
      button.onclick = () => onPress(button.dataset.press);
    }
    for (const button of this.root.querySelectorAll("[data-way]")) {
      button.onclick = () => onPress(button.dataset.way);
    }
    // Escape must not close what somebody stands in front of: it stops the test.
    this.stage.addEventListener("cancel", (event) => {
      event.preventDefault();
      onPress("escape");
    });
    this.onSize = () => this.fit();
    addEventListener("resize", this.onSize);
    this.phase("idle");
  }

  part(name) { return this.root.querySelector(`[data-part=${name}]`); }

  // Only what changed is written: a screen reader speaks every change.
  write(name, text) {
    const part = this.part(name);
    if (part.textContent === text) return false;
    part.textContent = text;
    return true;
  }

  phase(phase, shown = OWN_BUTTONS[phase] ?? []) {
    this.stage.dataset.phase = phase;
    for (const button of this.root.querySelectorAll("[data-press]")) {
      button.hidden = !shown.includes(button.dataset.press);
    }
    if (!this.stage.hidden) this.place(ON_THE_PAGE.includes(phase));
    if (phase === "halted") this.root.querySelector("[data-press=all_right]").focus();
  }

  // Fill the window, or lie on the page. A modal dialog hides all else from readers and
  // from the Tab key, and nothing of the page can cover it.
  place(onThePage) {
    const { stage } = this;
    const filling = stage.matches(":modal");
    if (onThePage && (filling || !stage.open)) {
      if (stage.open) stage.close();
      stage.show();
    } else if (!onThePage && !filling) {
      if (stage.open) stage.close();
      stage.showModal();
      stage.scrollTop = 0;
    }
    this.root.querySelector(".rules").hidden = !onThePage;
    this.fit();
  }

  // Before the page has said which test it is, there is nothing to start.
  enable(words) {
    const start = this.root.querySelector("[data-press=start]");
    start.disabled = false;
    start.textContent = words;
  }

  unnote(text) { if (this.part("note").textContent === text) this.note(""); }

  // News of videos on their way: told even where there is no stage to tell it on.
  post(text, aside = false) {
    const filling = this.stage.matches(":modal");
    this.root.querySelector(".ways").hidden = !aside;
    this.write("post", filling ? "" : text);
    this.write("video", filling ? text : "");
  }

  note(text) { if (this.write("note", text)) this.fit(); }

  // The sentence that is being spoken, once, for a screen reader.
  spoken(text) { this.write("spoken", text); }

  // Words of our own, before and after the server's.
  say(headline, advice = "") {
    this.write("headline", headline);
    this.write("advice", advice);
    this.write("try", "");
    this.write("leg", "");
    this.clock("");
    this.fit();
  }

  show(view) {
    const shown = view.phase === "finished" ? undefined : [...view.buttons, "mute"];
    const before = this.stage.dataset.phase;
    if (before !== view.phase || String(shown) !== this.shown) {
      this.shown = String(shown);
      this.phase(view.phase, shown);
    }
    const [number, ...leg] = (view.turn ?? "").split(" · ");
    let changed = this.write("try", view.phase === "halted" ? "" : number);
    changed = this.write("leg", view.phase === "halted" ? "" : leg.join(" · ")) || changed;
    // Whose turn it is stands above, larger than a word in a sentence.
    const headline = view.headline.replace(`, ${leg.join(" · ")}`, "");
    changed = this.write("headline", headline) || changed;
    const advice = SPOKEN_ONLY.includes(view.phase) ? "" : view.advice;
    changed = this.write("advice", advice) || changed;
    changed = this.clock(view.clock) || changed;
    this.part("light").dataset.ready = view.ready;
    this.write("light", view.light);
    this.drawing(view.drawing);
    this.stale(false);
    if (changed) this.fit();
  }

  // Whole seconds large, tenths small; true where the number became longer or shorter.
  clock(text) {
    const part = this.part("clock");
    if (part.dataset.text === text) return false;
    const [whole, tenth] = text.split(".");
    const longer = (part.dataset.text ?? "").length !== text.length;
    part.dataset.text = text;
    part.textContent = whole;
    if (tenth !== undefined) {
      part.append(Object.assign(document.createElement("small"), { textContent: `.${tenth}` }));
    }
    return longer;
  }

  // An honest mark: what is on the screen may no longer be so. It stays until several
  // answers came, and moves nothing.
  stale(is = true) {
    this.stage.dataset.stale = is;
  }

  // Words as large as the window allows: nothing scrolls, nothing is cut.
  fit() {
    const { stage } = this;
    if (!stage.matches(":modal")) return stage.style.removeProperty("--words");
    const side = this.root.querySelector(".side");
    const words = this.root.querySelector(".words");
    let size = Math.round(innerHeight * 0.125);
    const set = () => stage.style.setProperty("--words", `${size}px`);
    set();
    stage.dataset.crowded = false;
    const top = (one) => one.getBoundingClientRect().top;
    const over = () => side.scrollHeight > side.clientHeight + 1 ||
      words.scrollWidth > words.clientWidth + 1 || top(words) < top(side);
    while (size > SMALLEST_PX && over()) {
      const next = Math.floor(size * 0.97);
      // A clock and a voice: what is said need not be read as well.
      const crowded = next < READABLE * innerHeight && this.part("clock").textContent;
      if (crowded && stage.dataset.crowded === "false") stage.dataset.crowded = true;
      else size = next;
      set();
    }
  }

  // The drawing of what is to be done; its words are the headline's.
  drawing(code) {
    const image = this.part("drawing");
    image.hidden = !code;
    const address = code && new URL(`exercise/${code}.svg`, this.base).href;
    if (code && image.src !== address) image.src = address;
  }

  // When to stop: before the test, where there is time to read it.
  rules(texts) {
    this.root.querySelector(".rules").classList.toggle("none", !texts.length);
    this.part("rules").replaceChildren(...texts.map((text) => {
      const item = document.createElement("li");
      item.textContent = text;
      return item;
    }));
  }

  hide(hidden) {
    this.stage.hidden = hidden;
    this.root.querySelector(".rules").hidden = hidden;
    if (hidden) this.stage.close();
    else this.place(ON_THE_PAGE.includes(this.stage.dataset.phase));
  }

  remove() {
    removeEventListener("resize", this.onSize);
    this.stage.close();
    this.root.remove();
  }
}
