import { jobSpec } from './job.mjs';

const pollMs = 200;
const ended = new Set(['succeeded', 'failed', 'cancelled']);

/**
 * The jobs of a run, one after the other on one cluster: all with the same seed and the same steps, so that each must end like the
 * undisturbed one. A coordinator that does not answer is asked again.
 */
export class Jobs {
  ids = [];
  #options;
  #client;
  #current = null;

  /** @param options - `client`; `model`, `steps`, `everySteps`; `signal` that gives up */
  constructor(options) {
    this.#options = options;
    this.#client = options.client;
  }

  /** Submits the next job. */
  async submit(name) {
    const { model, steps, everySteps, exchange } = this.#options;
    const spec = jobSpec({ name, model, steps, everySteps, exchange });
    // A submission that was taken, and whose answer was lost, is found again.
    await this.#persist(async () => ((await this.#find(name)) ? undefined : this.#client.submit(spec)), `the submission of job ${name}`);
    this.ids.push(name);
    this.#current = name;
  }

  /** A job that was submitted to somebody else. */
  follow(name) {
    this.ids.push(name);
    this.#current = name;
  }

  get current() {
    return this.#current;
  }

  /** How the job ended. */
  async end(limitMs) {
    return this.#persist(
      async () => {
        const state = await this.#client.state(this.#current);
        if (!ended.has(state.phase)) throw new Error(`it is ${state.phase} at step ${state.step}: ${state.reason}`);
        return state;
      },
      `the end of job ${this.#current}`,
      limitMs,
    );
  }

  /** How it is now; null when nobody answers. */
  async state() {
    return this.#client.state(this.#current).catch(() => null);
  }

  async #find(name) {
    return this.#client.state(name).catch((error) => {
      if (/there is no job|not found|unknown/i.test(error.message)) return null;
      throw error;
    });
  }

  async #persist(work, what, limitMs = 60_000) {
    const giveUpAt = performance.now() + limitMs;
    for (;;) {
      try {
        return await work();
      } catch (error) {
        this.#options.signal?.throwIfAborted();
        if (performance.now() > giveUpAt) throw new Error(`waited ${limitMs} ms for ${what}: ${error.message}`, { cause: error });
        await new Promise((resolve) => setTimeout(resolve, pollMs));
      }
    }
  }
}
