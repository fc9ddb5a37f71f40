import { setTimeout as sleep } from 'node:timers/promises';
import type { LangevinError } from '@langevin/contracts';
import type { RunningService } from './start-service.js';

/** How a service is kept running. */
export interface KeepServiceOptions {
  /** Starts it, for the first time or again; `last` is what it said when it was ready before. */
  readonly start: (last: Readonly<Record<string, string>> | null) => Promise<RunningService>;
  /** Whether it would end the same way again. */
  readonly isFinal: (error: LangevinError) => boolean;
  /** Told that it has ended and is started anew. */
  readonly onRestart: (error: LangevinError) => void;
}

/** A service that is started anew when it dies. */
export interface KeptService extends AsyncDisposable {
  /** What it said when it was ready, the first time. */
  readonly facts: Readonly<Record<string, string>>;
  /** Resolves when it has ended for good; with an error unless it ended by itself with code 0 or was stopped. */
  readonly ended: Promise<LangevinError | null>;
  stop(): Promise<void>;
}

/** More deaths than that within a minute are no accident. */
const mostDeaths = 4;
const periodMs = 60_000;
/** Before it is started anew; longer after each death. */
const pauseMs = 250;

/**
 * Starts a service and keeps it running: one that dies is started anew, but not for ever.
 * @throws LangevinError as `start`, the first time
 */
export async function keepService({ start, isFinal, onRestart }: KeepServiceOptions): Promise<KeptService> {
  let service = await start(null);
  const { facts } = service;
  const stopping = new AbortController();
  const deaths: number[] = [];
  const ended = (async (): Promise<LangevinError | null> => {
    for (;;) {
      const error = await service.ended;
      const now = performance.now();
      deaths.push(now);
      const recent = deaths.filter((at) => now - at < periodMs).length;
      if (error === null || stopping.signal.aborted || isFinal(error) || recent > mostDeaths) return stopping.signal.aborted ? null : error;
      onRestart(error);
      await sleep(pauseMs * recent, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return null;
      try {
        service = await start(service.facts);
      } catch (thrown) {
        return thrown as LangevinError; // What startService throws.
      }
      // It was to stop while it started.
      if (stopping.signal.aborted) await service.stop();
    }
  })();
  const stop = async (): Promise<void> => {
    stopping.abort();
    await service.stop();
    await ended;
  };
  return { facts, ended, stop, [Symbol.asyncDispose]: stop };
}
