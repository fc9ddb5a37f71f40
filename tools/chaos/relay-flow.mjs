import { FrameCutter } from './frames.mjs';

const rememberedFrames = 64;
const corruptWithin = 2048;
/** A slow link passes a piece this often at most. */
const sliceMs = 20;

/** One direction of one connection: takes what `from` sends and gives it to `to`, as the relay's fault says. */
export class RelayFlow {
  #from;
  #to;
  #direction;
  #hooks;
  #cutter;
  #frames = [];
  #queue = [];
  #corruptIn = -1;
  #isDelivering = false;
  #isMuted = false;

  constructor(direction, from, to, hooks) {
    this.#direction = direction;
    this.#from = from;
    this.#to = to;
    this.#hooks = hooks;
    this.#cutter = new FrameCutter(hooks.framing);
    from.on('data', (piece) => this.#arrived(piece));
    from.on('end', () => this.#enqueue(null, hooks.latencyMs));
  }

  /** From now on nothing comes out of it; what comes in is forgotten. */
  mute() {
    this.#isMuted = true;
    this.#queue.length = 0;
  }

  faultChanged() {
    this.#corruptIn = -1;
    void this.#deliver();
  }

  get #fault() {
    const fault = this.#hooks.fault();
    return fault.direction === undefined || fault.direction === this.#direction ? fault : { kind: 'pass' };
  }

  #arrived(piece) {
    if (this.#isMuted) return;
    const { kind, ms = 0 } = this.#fault;
    for (const { bytes, repeatable } of this.#isRecording() ? this.#cutter.push(piece) : [{ bytes: piece, repeatable: false }]) {
      this.#enqueue(bytes, this.#hooks.latencyMs + (kind === 'delay' ? ms : 0));
      if (!repeatable) continue;
      const again = this.#repeated(bytes);
      if (again) this.#enqueue(again, this.#hooks.latencyMs);
      this.#frames.push(Buffer.from(bytes));
      if (this.#frames.length > rememberedFrames) this.#frames.shift();
    }
    // Not without bound: whoever sends more waits, as on a real link.
    if (this.#queue.length > 16) this.#from.pause();
  }

  /** Frames are cut where they can be told apart, or where any piece may be repeated. */
  #isRecording() {
    return this.#hooks.framing !== 'none' || ['duplicate', 'stale'].includes(this.#fault.kind) || this.#frames.length < rememberedFrames;
  }

  /** What is sent once more after this frame, if anything. */
  #repeated(bytes) {
    const { kind } = this.#fault;
    if (kind === 'duplicate') {
      this.#hooks.struck('duplicate');
      return Buffer.from(bytes);
    }
    if (kind !== 'stale' || this.#frames.length === 0) return null;
    const old = this.#frames[this.#hooks.random.integer(0, Math.floor(this.#frames.length / 2))];
    this.#hooks.struck('stale');
    return old;
  }

  #enqueue(bytes, delayMs = 0) {
    this.#queue.push({ bytes, dueMs: performance.now() + delayMs });
    void this.#deliver();
  }

  async #deliver() {
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    try {
      while (this.#queue.length > 0 && !this.#to.destroyed) {
        const { kind, bytesPerSecond = Infinity } = this.#fault;
        if (kind === 'silent' || kind === 'stall') return;
        const next = this.#queue[0];
        const waitMs = next.dueMs - performance.now();
        if (waitMs > 0) {
          await new Promise((resolve) => setTimeout(resolve, waitMs));
          continue;
        }
        if (next.bytes === null) return void this.#to.end();
        const slice = kind === 'slow' ? Math.max(1, Math.floor((bytesPerSecond * sliceMs) / 1000)) : next.bytes.length;
        await this.#write(next, slice);
        if (kind === 'slow') await new Promise((resolve) => setTimeout(resolve, sliceMs));
      }
      if (this.#from.isPaused() && !this.#isMuted) this.#from.resume();
    } finally {
      this.#isDelivering = false;
    }
  }

  async #write(entry, limit) {
    const piece = this.#corrupted(entry.bytes.subarray(0, limit));
    if (limit >= entry.bytes.length) this.#queue.shift();
    else entry.bytes = entry.bytes.subarray(limit);
    this.#hooks.passed(this.#direction, piece.length);
    if (this.#to.write(piece)) return;
    await new Promise((resolve) => {
      const done = () => {
        this.#to.off('drain', done).off('close', done);
        resolve();
      };
      this.#to.on('drain', done).on('close', done);
    });
  }

  /** Turns one bit over, in the byte that the seed chose. */
  #corrupted(piece) {
    if (this.#fault.kind !== 'corrupt' || piece.length === 0) return piece;
    if (this.#corruptIn < 0) this.#corruptIn = this.#hooks.random.integer(0, corruptWithin - 1);
    if (this.#corruptIn >= piece.length) {
      this.#corruptIn -= piece.length;
      return piece;
    }
    const copy = Buffer.from(piece);
    copy[this.#corruptIn] ^= 1 << this.#hooks.random.integer(0, 7);
    this.#corruptIn = -1;
    this.#hooks.struck('corrupt');
    return copy;
  }
}
