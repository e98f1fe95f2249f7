// What is spoken, in order of importance. An instruction is said to its end; a count or
// a hint gives way; what has become untrue before its turn is dropped; a stop is said at
// once, whatever was being said.

// rank: 0 comes at once, 1 is never cut short, 2 gives way to both.
// maxAge: ms after which it is not begun any more.
const KINDS = {
  are_you_all_right: { rank: 0 },
  clock_stopped: { rank: 0 },
  finished: { rank: 0 },
  not_watched: { rank: 0 },
  go: { rank: 1, replaces: ["position", "ready", "hint", "go", "rest"] },
  position: { rank: 1, maxAge: 8000, replaces: ["position", "rest"] },
  rest: { rank: 1, maxAge: 8000 },
  wrong_foot: { rank: 1, maxAge: 3000, replaces: ["wrong_foot"] },
  goes_on: { rank: 1, maxAge: 4000 },
  noted: { rank: 1, maxAge: 4000 },
  knee: { rank: 1, maxAge: 1500, replaces: ["knee"] },
  hint: { rank: 2, maxAge: 2500, replaces: ["hint"], waits: true },
  ready: { rank: 2, maxAge: 2500, replaces: ["hint"], waits: true },
};
const COUNT = { rank: 2, maxAge: 400 };
const MS_PER_LETTER = 75;
const KEPT = 200;

export class Voice {
  // `speak(text, done)` starts speaking and calls done at the end; `silence` ends it now.
  constructor({ speak, silence, now = () => performance.now(), on = () => {} }) {
    Object.assign(this, { speak, silence, now, on });
    this.queue = [];
    this.current = null;
    this.log = []; // what became of each sentence: whole, cut or dropped
  }

  say(cue, text) {
    if (!text) return;
    const kind = KINDS[cue] ?? COUNT;
    const words = { cue, text, kind, at: this.now() };
    if (kind.rank === 0) {
      this.clear();
      this.begin(words);
      return;
    }
    this.drop((one) => kind.replaces?.includes(one.cue));
    if (!this.current) this.begin(words);
    else if (kind.rank < this.current.kind.rank) {
      this.cut();
      this.begin(words);
    } else if (kind.rank === 1 || kind.waits) this.queue.push(words);
    else this.note(words, "dropped"); // a number: its beep was heard
  }

  clear() {
    this.drop(() => true);
    this.cut();
  }

  drop(which) {
    this.queue = this.queue.filter((one) => {
      if (!which(one)) return true;
      this.note(one, "dropped");
      return false;
    });
  }

  cut() {
    if (!this.current) return;
    this.note(this.current, "cut");
    this.current = null;
    this.silence();
  }

  begin(words) {
    this.current = words;
    this.on(words.text);
    this.speak(words.text, () => this.ended(words));
  }

  ended(words) {
    if (this.current !== words) return;
    this.note(words, "whole");
    this.current = null;
    const now = this.now();
    this.drop((one) => now - one.at > (one.kind.maxAge ?? Infinity));
    this.queue.sort((a, b) => a.kind.rank - b.kind.rank || a.at - b.at);
    const next = this.queue.shift();
    if (next) this.begin(next);
  }

  note({ cue, text }, became) {
    this.log.push({ cue, text, became });
    if (this.log.length > KEPT) this.log.shift();
  }
}

// The computer's own voice; where it has none, the time the words would take.
export function browserSpeech(silent = () => false) {
  let waiting;
  return {
    speak(text, done) {
      clearTimeout(waiting);
      const takes = 500 + MS_PER_LETTER * text.length;
      const voiced = !silent() && window.speechSynthesis?.getVoices().length > 0;
      // Some voices never say that they have ended.
      waiting = setTimeout(done, voiced ? 3 * takes + 2000 : takes);
      if (!voiced) return;
      const words = new SpeechSynthesisUtterance(text);
      words.lang = "en";
      words.onend = words.onerror = done;
      speechSynthesis.speak(words);
    },
    silence() {
      clearTimeout(waiting);
      window.speechSynthesis?.cancel();
    },
  };
}
