// Whether the computer keeps up. A cue is judged by the age of the frame that it is
// about: a safety question that comes half a second late is late.

const WINDOW_MS = 6000;
const FEWEST = 6;
export const OLDEST_CUE_MS = 500;
const SLOWEST_HZ = 4;

export class Pace {
  constructor(now = () => performance.now()) {
    this.now = now;
    this.ages = []; // [when, age of the frame]
    this.late = false;
    this.since = null;
  }

  answer(age) {
    const now = this.now();
    this.since ??= now;
    this.ages.push([now, age]);
    while (this.ages.length && now - this.ages[0][0] > WINDOW_MS) this.ages.shift();
    return this.judge(now);
  }

  // Slow to change its mind, in both directions.
  judge(now) {
    if (now - this.since < WINDOW_MS) return this.late;
    const ages = this.ages.map(([, age]) => age).sort((a, b) => a - b);
    const slow = ages.length < (SLOWEST_HZ * WINDOW_MS) / 1000;
    const old = ages[Math.floor(0.8 * ages.length)] ?? Infinity;
    if (ages.length < FEWEST) this.late = true;
    else if (this.late) this.late = slow || old > 0.8 * OLDEST_CUE_MS;
    else this.late = slow || old > OLDEST_CUE_MS;
    return this.late;
  }
}
