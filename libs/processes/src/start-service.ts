import { fork } from 'node:child_process';
import { LangevinError } from '@langevin/contracts';
import type { ServiceReport } from './service.js';
import { openServiceLog } from './service-log.js';

/** How to start a service. */
export interface StartServiceOptions {
  /** What it is called in messages. */
  readonly name: string;
  /** The module that calls `runService`. */
  readonly module: string;
  readonly args: readonly string[];
  /** Added to this process's environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** File that its output is appended to; `inherit` shows it here. */
  readonly output: string | 'inherit';
  /** Told of each message that is no report: services speak JSON to those that start them. @default nobody */
  readonly onMessage?: (message: unknown) => void;
  /** How long `stop` waits before it kills. @default 5000 */
  readonly stopLimitMs?: number;
}

/** A service in a process of its own. It ends when this process ends, however that happens. */
export interface RunningService extends AsyncDisposable {
  readonly pid: number;
  /** What it said when it was ready. */
  readonly facts: Readonly<Record<string, string>>;
  /** Resolves when it has ended; with an error unless it ended by itself with code 0 or was stopped. */
  readonly ended: Promise<LangevinError | null>;
  /** Says something to it, in JSON; to one that has ended nothing is said. */
  send(message: object): void;
  /** Asks it to stop, kills it when it does not, and waits until it has gone. */
  stop(): Promise<void>;
}

/**
 * Starts a service and waits until it is ready.
 * @throws LangevinError that the service reported; `internal` when it ended without a word; `storage_failed` when its log
 * cannot be opened
 */
export async function startService(options: StartServiceOptions): Promise<RunningService> {
  const log = options.output === 'inherit' ? null : openServiceLog(options.output);
  const child = fork(options.module, options.args, {
    env: { ...process.env, ...options.env },
    stdio: options.output === 'inherit' ? ['ignore', 'inherit', 'inherit', 'ipc'] : ['ignore', 'pipe', 'pipe', 'ipc'],
    // A terminal's Ctrl-C goes to the whole foreground group; services are stopped by their parent, in order.
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece: Buffer) => log?.write(piece));
  let stopping = false;
  let reported: LangevinError | null = null;
  const ended = new Promise<LangevinError | null>((resolve) => {
    child.once('error', (cause) => resolve(new LangevinError('internal', `${options.name} could not be started: ${cause.message}`, { cause })));
    // Not at 'exit': what the service reported last may still be on its way then.
    child.once('close', (code, signal) => {
      log?.close();
      if (stopping || code === 0) return resolve(null);
      resolve(reported ?? new LangevinError('internal', `${options.name} ended with ${signal ?? `code ${code}`}${logHint(options)}`));
    });
  });
  const stop = async (): Promise<void> => {
    stopping = true;
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), options.stopLimitMs ?? 5000);
    await ended;
    clearTimeout(timer);
  };
  const facts = await new Promise<Readonly<Record<string, string>>>((resolve, reject) => {
    // The child is one of ours: what is no report of it is for whoever started it.
    child.on('message', (message) => {
      const report = message as ServiceReport;
      if (report.kind === 'ready') resolve(report.facts);
      else if (report.kind !== 'failed') options.onMessage?.(message);
      else {
        reported = new LangevinError(report.code, report.message);
        log?.write(`${options.name}: ${report.message}\n`);
      }
    });
    void ended.then((error) => reject(error ?? new LangevinError('internal', `${options.name} ended before it was ready${logHint(options)}`)));
  });
  const send = (message: object): void => void (child.connected && child.send(message, () => undefined)); // Its end is told by `ended`.
  return { pid: child.pid ?? 0, facts, ended, send, stop, [Symbol.asyncDispose]: stop };
}

function logHint(options: StartServiceOptions): string {
  return options.output === 'inherit' ? '' : `; its log is ${options.output}`;
}
