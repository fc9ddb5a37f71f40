import { setTimeout } from 'node:timers/promises';

/** How often something is tried, and how long to wait in between. */
export interface RetryPolicy {
  /** Tries in all, at least 1. */
  readonly attempts: number;
  /** Longest wait after the first failure, in ms; it doubles with each further one. */
  readonly baseMs: number;
  /** Longest wait of all, in ms. */
  readonly capMs: number;
  /** A number from 0 to 1, 1 not included: spreads the waits, so that many clients do not come back at the same moment. */
  readonly random: () => number;
}

/**
 * Does `action` until it succeeds, fails in a way that will not pass, or has failed `attempts` times; then its last
 * error is thrown. Waits a random time between tries, up to a bound that doubles (full jitter).
 *
 * @param action is told which try it is, from 1 on
 */
export async function retried<T>(policy: RetryPolicy, isTransient: (thrown: unknown) => boolean, action: (attempt: number) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action(attempt);
    } catch (thrown) {
      if (attempt >= policy.attempts || !isTransient(thrown)) throw thrown;
      await backOff(policy, attempt);
    }
  }
}

/** Waits as the policy says after the `failures`-th failure in a row. */
export async function backOff({ baseMs, capMs, random }: RetryPolicy, failures: number): Promise<void> {
  await setTimeout(random() * Math.min(capMs, baseMs * 2 ** (failures - 1)));
}
