import { LangevinError } from '@langevin/contracts';
import { pauseInTime, type Pause } from './spool-publisher.js';

type Source = (digest: string) => Promise<Uint8Array | undefined>;

const pauseMs = 1000;

/**
 * A source of content that waits while its store cannot be reached: a trainer that needs a shard of the data waits with it,
 * and its job goes on when the store is back.
 * @param closing ends the waiting, with its reason
 */
export function patientSource(source: Source, closing: AbortSignal, pause: Pause = pauseInTime): Source {
  return async (digest) => {
    for (;;) {
      try {
        return await source(digest);
      } catch (thrown) {
        if (LangevinError.from(thrown).code !== 'storage_unavailable') throw thrown;
      }
      await pause(pauseMs, closing).catch((cause: unknown) => {
        throw LangevinError.from(closing.aborted ? closing.reason : cause);
      });
    }
  };
}
