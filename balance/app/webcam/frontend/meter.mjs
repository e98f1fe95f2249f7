// How fast it all is: decisions a second, round trips, cue delays, blocked moments.

export class Meter {
  constructor() {
    this.answers = [];
    this.roundTrips = [];
    this.cues = [];
    this.ages = [];
    this.poses = [];
    this.blocked = 0;
    try {
      this.observer = new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          this.blocked = Math.max(this.blocked, entry.duration);
        }
      });
      this.observer.observe({ entryTypes: ["longtask"] });
    } catch { /* not every browser tells */ }
  }

  // `age` is that of the frame which the answer is about.
  answer(now, roundTrip, age) {
    this.answers.push(now);
    this.roundTrips.push(roundTrip);
    this.ages.push(age);
    if (this.answers.length <= 3000) return;
    for (const kept of [this.answers, this.roundTrips, this.ages]) kept.shift();
  }

  pose(ms) { this.poses.push(ms); }
  cue(ms, name) {
    this.cues.push(ms);
    if (ms > (this.slowest?.ms ?? 0)) this.slowest = { name, ms: Math.round(ms) };
  }

  report() {
    const span = (this.answers.at(-1) - this.answers[0]) / 1000;
    const round = (x) => (Number.isFinite(x) ? Math.round(x * 10) / 10 : null);
    return {
      decisions_hz: round((this.answers.length - 1) / span),
      round_trip_ms: [0.5, 0.95].map((p) => round(quantile(this.roundTrips, p))),
      age_ms: [0.5, 0.95].map((p) => round(quantile(this.ages, p))),
      cue_ms: [0.5, 0.95].map((p) => round(quantile(this.cues, p))),
      slowest_cue: this.slowest,
      pose_ms: [0.5, 0.95].map((p) => round(quantile(this.poses, p))),
      longest_block_ms: round(this.blocked),
      decisions: this.answers.length,
    };
  }

  reset() {
    this.answers = [];
    this.roundTrips = [];
    this.cues = [];
    this.ages = [];
    this.slowest = undefined;
    this.poses = [];
    this.blocked = 0;
  }
}

export function quantile(values, p) {
  if (!values.length) return NaN;
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))];
}
