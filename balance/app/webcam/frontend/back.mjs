// The way back: the browser's Back never leaves the app, nor a test, without a word.

const WORDS = "Press Back once more to leave balance. What was measured is kept.";
const SHOWN_MS = 5000;
const STYLE = `position: fixed; inset: auto 1rem 5.5rem 1rem; z-index: 1000; margin: auto;
  max-width: 34rem; padding: 1rem 1.2rem; border-radius: 12px; background: #07191e;
  color: #fff; font: 600 1.1rem/1.4 system-ui, sans-serif; text-align: center;`;

// The entry before the first page says the word; the one before that is elsewhere. A
// browser counts entries only once somebody has pressed something.
export class BackGuard {
  constructor(view = window) {
    this.view = view;
    this.onPress = () => this.set();
    this.onBack = (event) => { if (event.state?.balance === "edge") this.say(); };
    for (const kind of ["pointerdown", "keydown"]) {
      view.addEventListener(kind, this.onPress, { capture: true });
    }
    view.addEventListener("popstate", this.onBack);
  }

  set() {
    const { view } = this;
    if (view.balanceGuarded) return;
    view.balanceGuarded = true;
    if (view.history.state?.balance) return; // a page that came back
    view.history.replaceState({ ...view.history.state, balance: "edge" }, "");
    view.history.pushState({ balance: "inside" }, "");
  }

  say() {
    const { document, history } = this.view;
    const word = document.createElement("p");
    word.setAttribute("role", "alert");
    word.style.cssText = STYLE;
    word.textContent = WORDS;
    document.body.append(word);
    setTimeout(() => {
      word.remove();
      if (history.state?.balance === "edge") history.forward();
    }, SHOWN_MS);
  }

  leave() {
    const { view } = this;
    for (const kind of ["pointerdown", "keydown"]) {
      view.removeEventListener(kind, this.onPress, { capture: true });
    }
    view.removeEventListener("popstate", this.onBack);
  }
}
