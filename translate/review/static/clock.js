// How long a person really worked on a segment: gaps of more than half a minute are pauses and do not count.

const PAUSE = 30_000;

export class Clock {
  constructor() {
    this.spent = 0;
    this.last = 0;
  }

  /** Something was typed, clicked or moved in the segment. */
  tick(now = performance.now()) {
    if (this.last && now - this.last < PAUSE) this.spent += now - this.last;
    this.last = now;
  }

  /** The segment was left: what comes next begins anew. */
  stop() {
    this.last = 0;
  }

  /** Seconds since they were last taken. */
  take() {
    const seconds = Math.round(this.spent / 100) / 10;
    this.spent = 0;
    return seconds;
  }

  /** What was taken did not arrive. */
  giveBack(seconds) {
    this.spent += seconds * 1000;
  }
}
