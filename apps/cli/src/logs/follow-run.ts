import { setTimeout as pause } from 'node:timers/promises';
import { LangevinError } from '@langevin/contracts';
import type { LiveEvent, RunSummary } from '@langevin/contracts/api';
import type { ApiClient } from '../api/api-client.js';
import { isEnd, type LogEntry } from './log-entry.js';
import { historyOfApi } from './read-history.js';
import { RunLog, stepsPerLine } from './run-log.js';

/** What is followed, and how. */
export interface FollowOptions {
  readonly run: string;
  /** Finds the coordinator; asked again for each connection, since one that was started anew may lie elsewhere. */
  readonly connect: () => ApiClient;
  /** Steps between two lines of progress. @default a fiftieth of the job */
  readonly every?: number | undefined;
  /** How long a coordinator that has gone, or a job that went with it, is waited for. */
  readonly patienceMs: number;
  /** Aborting it ends the following; the job goes on. */
  readonly signal: AbortSignal;
  readonly tell: (entry: LogEntry) => void;
  readonly now: () => Date;
}

/** Between two tries to find a coordinator that has gone. */
const retryMs = 500;

/**
 * Tells what happened to a run and what happens, each thing once, until the run has ended. A coordinator that goes is waited for.
 * @returns the run as it ended
 * @throws LangevinError `run_unknown`; `cancelled` when `signal` was aborted; `unavailable` when no coordinator trains the run, or
 * none came back
 */
export function followRun(options: FollowOptions): Promise<RunSummary> {
  return new Follower(options).follow();
}

class Follower {
  readonly #options: FollowOptions;
  readonly #givingUp = new AbortController();
  #patience: NodeJS.Timeout | undefined;
  #log: RunLog | undefined;
  /** What was told last of why the run waits, and of how it goes. */
  #waiting = '';
  #lastKind = '';
  /** Its end was told: progress may still have come after that. */
  #hasToldEnd = false;
  #step = 0;

  constructor(options: FollowOptions) {
    this.#options = options;
  }

  async follow(): Promise<RunSummary> {
    const { signal, run } = this.#options;
    try {
      for (;;) {
        const ended = await this.#connection().catch((thrown: unknown) => this.#lost(LangevinError.from(thrown)));
        if (ended) return ended;
        await pause(retryMs, undefined, { signal }).catch(() => undefined); // An abort is told at the next turn.
        if (signal.aborted) throw new LangevinError('cancelled', `stopped following; job "${run}" goes on`);
      }
    } finally {
      clearTimeout(this.#patience);
    }
  }

  async #connection(): Promise<RunSummary> {
    const { connect, signal } = this.#options;
    const client = connect();
    const closing = new AbortController();
    try {
      const events = await client.events(AbortSignal.any([signal, this.#givingUp.signal, closing.signal]));
      // Only now: what happens meanwhile waits in the stream.
      const run = await this.#catchUp(client);
      if (this.#hasEnded(run)) return this.#finish(run);
      for await (const event of events) {
        if (this.#take(event)) continue;
        const now = await this.#catchUp(client);
        if (this.#hasEnded(now)) return this.#finish(now);
      }
      throw new LangevinError('unavailable', 'the coordinator has gone');
    } finally {
      closing.abort();
    }
  }

  /** Tells what the coordinator knows of the run and was not told yet. */
  async #catchUp(client: ApiClient): Promise<RunSummary> {
    const { run: name, every, signal } = this.#options;
    const run = await client.get('getRun', { params: { run: name } }, signal);
    const history = await historyOfApi(client, name, signal);
    const isFirst = this.#log === undefined;
    this.#log ??= new RunLog(every ?? stepsPerLine(run.totalSteps));
    if (this.#lastKind === 'disconnected') this.#tell({ ...this.#notice('reconnected'), text: `the coordinator is back; ${run.phase}${run.reason === '' ? '' : `: ${run.reason}`}` });
    this.#tell(...this.#log.history(history));
    this.#step = run.step;
    if (run.phase === 'stopped' && isFirst) throw notTraining(run);
    this.#waits(run);
    return run;
  }

  /** Takes an event of the stream; false when the run is to be looked at as a whole. */
  #take({ name, data }: LiveEvent): boolean {
    const { run } = this.#options;
    if (name === 'reset') return false;
    if (name === 'run' && data.name === run) {
      this.#waits(data);
      return !this.#hasEnded(data);
    }
    if (name === 'runEvent' && data.run === run) {
      // The last points may still be under way.
      if (isEnd(data.event.kind)) return false;
      this.#tell(...(this.#log?.event(data.event) ?? []));
    }
    if (name === 'metrics' && data.run === run) for (const point of data.points) this.#tell(...(this.#log?.point(point) ?? []));
    return true;
  }

  #hasEnded({ phase }: RunSummary): boolean {
    return isEnd(phase);
  }

  #finish(run: RunSummary): RunSummary {
    this.#tell(...(this.#log?.rest() ?? []));
    // A job that was cancelled before it began has no event.
    if (!this.#hasToldEnd) this.#tell({ ...this.#notice(run.phase), text: run.reason });
    return run;
  }

  /** Says why a run that lives does not train. */
  #waits({ phase, reason, step }: RunSummary): void {
    this.#step = step;
    if (phase === 'stopped') return;
    clearTimeout(this.#patience);
    this.#patience = undefined;
    const waiting = phase === 'queued' || phase === 'starting' ? `${phase} ${reason}` : '';
    if (waiting !== '' && waiting !== this.#waiting) this.#tell({ ...this.#notice(phase), text: reason });
    this.#waiting = waiting;
  }

  /** Goes on after a connection that broke, as long as there is patience. */
  #lost(error: LangevinError): undefined {
    const { signal, run, patienceMs } = this.#options;
    if (signal.aborted) throw new LangevinError('cancelled', `stopped following; job "${run}" goes on`);
    if (this.#givingUp.signal.aborted) throw new LangevinError('unavailable', `nobody has trained job "${run}" for ${patienceMs / 1000} s: start a coordinator with \`langevin up\`, then \`langevin job resume ${run}\` continues from the last checkpoint`);
    if (error.code !== 'unavailable' || !this.#log || error instanceof NotTraining) throw error;
    this.#patience ??= setTimeout(() => this.#givingUp.abort(), patienceMs);
    if (this.#lastKind !== 'disconnected') this.#tell({ ...this.#notice('disconnected'), text: `the coordinator has gone; looking for it for ${patienceMs / 1000} s` });
  }

  #notice<Kind>(kind: Kind): { kind: Kind; time: string; step: number } {
    return { kind, time: this.#options.now().toISOString(), step: this.#step };
  }

  #tell(...entries: LogEntry[]): void {
    for (const entry of entries) {
      this.#options.tell(entry);
      this.#lastKind = entry.kind;
      this.#hasToldEnd = isEnd(entry.kind) || (this.#hasToldEnd && entry.kind === 'progress');
    }
  }
}

class NotTraining extends LangevinError {}

function notTraining({ name, reason }: RunSummary): LangevinError {
  return new NotTraining('unavailable', `job "${name}" is ${reason}: \`langevin job resume ${name}\` continues it`);
}
