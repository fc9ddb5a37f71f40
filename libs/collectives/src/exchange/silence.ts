import { LangevinError } from '@langevin/contracts';

/** How often a link says that it lives. */
export const pingMs = 250;
/** Such times without a sign of life after which a link is broken: one second at least, three at most. */
const [floor, cap] = [4, 12];
/** No link is silent for longer. */
export const longestSilenceMs = cap * pingMs;
/** A link that is slow at times is given so many times its longest silence of late. */
const patience = 4;
const forgetting = 0.999;

/**
 * Notices when a peer has fallen silent. Time is counted in turns of a timer of this process: one that was stopped or held up
 * itself suspects nobody for that.
 */
export class Silence {
  readonly #timer: NodeJS.Timeout;
  #turns = 0;
  #longest = 1;

  /** @param ping called at each turn */
  constructor(broken: (error: LangevinError) => void, ping: () => void = () => undefined) {
    this.#timer = setInterval(() => {
      if (this.#turns >= Math.min(cap, Math.max(floor, patience * this.#longest))) {
        return broken(new LangevinError('unavailable', `no sign of life for ${(this.#turns * pingMs) / 1000} s`));
      }
      this.#turns++;
      ping();
    }, pingMs).unref();
  }

  heard(): void {
    this.#longest = Math.max(1, this.#longest * forgetting, this.#turns);
    this.#turns = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
