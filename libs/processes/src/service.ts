import { LangevinError, type ErrorCode } from '@langevin/contracts';

/** What a service tells the process that started it. */
export type ServiceReport =
  | { readonly kind: 'ready'; readonly facts: Readonly<Record<string, string>> }
  | { readonly kind: 'failed'; readonly code: ErrorCode; readonly message: string };

/** What a service is given. */
export interface ServiceContext {
  /** Aborted when the service is to stop: SIGINT, SIGTERM, or the process that started it has ended. */
  readonly signal: AbortSignal;
  /** Says something to the process that started it, in JSON; what it has to say comes as `message` events of `process`. */
  readonly tell: (message: object) => void;
  /** Says that the service works now. */
  readonly ready: (facts: Readonly<Record<string, string>>) => void;
}

/**
 * Runs a service as the whole of this process: it stops on SIGINT, SIGTERM and the end of its parent, and leaves with
 * exit code 0, or 1 and one line that says why: to the process that started it if that is one of ours, which passes it
 * on once, else to standard error. Nothing is left behind, whatever `main` still holds open.
 * @param name what the service is called in its last words
 */
export async function runService(name: string, main: (context: ServiceContext) => Promise<void>): Promise<never> {
  const stop = new AbortController();
  for (const event of ['SIGINT', 'SIGTERM', 'disconnect'] as const) process.on(event, () => stop.abort(new LangevinError('cancelled', event)));
  // The parent may have gone while this process was loading its modules: that event has passed unheard.
  if (process.connected === false) stop.abort(new LangevinError('cancelled', 'disconnect'));
  try {
    const tell = (message: object): void => void process.send?.(message);
    await main({ signal: stop.signal, tell, ready: (facts) => void report({ kind: 'ready', facts }) });
    process.exit(0);
  } catch (thrown) {
    const { code, message } = LangevinError.from(thrown);
    if (!(await report({ kind: 'failed', code, message }))) process.stderr.write(`${name}: ${message}\n`);
    process.exit(1);
  }
}

/** Resolves when the message is on its way; with `false` when nobody is there to read it. */
function report(message: ServiceReport): Promise<boolean> {
  return new Promise((resolve) => {
    if (!process.connected || !process.send) return resolve(false);
    process.send(message, undefined, undefined, (error: Error | null) => resolve(error === null));
  });
}

/** Resolves when `signal` is aborted. */
export function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
