/**
 * Random numbers that follow from a seed alone: sfc32, a small generator of Chris Doty-Humphrey's PractRand.
 * @param {number} seed an integer
 */
export function seededRandom(seed) {
  const state = Int32Array.of(seed | 0, Math.floor(seed / 2 ** 32) | 0, 0x2545f491, 1);
  const word = () => {
    const sum = (state[0] + state[1] + state[3]) | 0;
    state[3] = (state[3] + 1) | 0;
    state[0] = state[1] ^ (state[1] >>> 9);
    state[1] = (state[2] + (state[2] << 3)) | 0;
    state[2] = ((state[2] << 21) | (state[2] >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 12; i++) word();
  return new SeededRandom(word);
}

/** A source of random choices. */
class SeededRandom {
  #word;

  constructor(word) {
    this.#word = word;
  }

  /** An integer from `min` to `max`, both included. */
  integer(min, max) {
    return min + Math.floor((this.#word() / 2 ** 32) * (max - min + 1));
  }

  /** One of the items. */
  pick(items) {
    return items[this.integer(0, items.length - 1)];
  }

  /** The items in another order (Fisher and Yates); the given array stays as it is. */
  shuffled(items) {
    const all = [...items];
    for (let i = all.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [all[i], all[j]] = [all[j], all[i]];
    }
    return all;
  }

  /** A source of its own for another purpose: what one draws changes nothing for the other. */
  fork() {
    return seededRandom(this.#word());
  }
}
