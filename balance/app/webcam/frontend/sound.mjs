// Every cue beeps and, where the computer has a voice, speaks.

import { browserSpeech, Voice } from "./voice.mjs";

const TONES = { // Hz, ms, how often
  tick: [660, 70, 1], ready: [784, 140, 2], start: [1046, 320, 1],
  stop: [440, 450, 1], alarm: [880, 160, 3],
};

export class Sound {
  // `on` hears each sentence when it is begun, for those who read it with a reader.
  constructor(on = () => {}) {
    this.context = null;
    this.played = 0;
    this.muted = false;
    this.voice = new Voice({ ...browserSpeech(() => this.muted), on });
  }

  // Browsers allow sound only after a press: call this from the button.
  unlock() {
    this.context ??= new AudioContext();
    this.context.resume();
  }

  beep(tone) {
    const [hz, ms, times] = TONES[tone] ?? [];
    if (!hz || !this.context) return;
    this.played += 1;
    for (let i = 0; i < times; i++) {
      const at = this.context.currentTime + (i * ms * 1.5) / 1000;
      const voice = this.context.createOscillator();
      const loudness = this.context.createGain();
      voice.frequency.value = hz;
      loudness.gain.value = 0.2;
      voice.connect(loudness).connect(this.context.destination);
      voice.start(at);
      voice.stop(at + ms / 1000);
    }
  }

  say(cue, text) { this.voice.say(cue, text); }

  hush() {
    this.voice.clear();
    this.context?.close();
    this.context = null;
  }
}
