import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { LineLog } from './line-log.js';
import { childProcesses, markedProcesses } from './process-table.js';

/** What a process may be started with. */
export interface StartOptions {
  /** Variables on top of this process's own; `undefined` takes one away. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Working folder. @default this process's own */
  readonly cwd?: string;
}

/** How a process ended: a code, or the signal that ended it. */
export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** A real process under test. Disposing it kills whatever of its whole tree is left and waits until it is gone. */
export interface StartedProcess extends AsyncDisposable {
  readonly pid: number;
  /** Settles when the process has ended and its output is read to the end; never rejects. */
  readonly exited: Promise<ProcessExit>;
  /** What it wrote to standard output so far. */
  stdout(): string;
  /** What it wrote to standard error so far. */
  stderr(): string;
  /**
   * The first line of either stream, written already or still to come, that matches.
   * Rejects, with the output so far, when the process ends first or when `timeoutMs` (default 30000) have passed.
   */
  waitForLine(pattern: RegExp, timeoutMs?: number): Promise<RegExpMatchArray>;
  /** Sends a signal to the process alone, as `kill` would. */
  signal(name: NodeJS.Signals): void;
  /** Living processes of its tree, itself included; on Linux also those that left the tree. */
  processes(): number[];
}

const marker = 'LANGEVIN_TEST_PROCESS';

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself meanwhile.
  }
}

/**
 * Starts a real process, leader of its own process group, with its output captured.
 *
 * @throws the spawn error, if the command cannot be started
 */
export async function startProcess(command: string, args: readonly string[], options: StartOptions = {}): Promise<StartedProcess> {
  const id = randomUUID();
  const child = spawn(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    env: { ...process.env, ...options.env, [marker]: id },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const log = new LineLog(`${command} ${args.join(' ')}`);
  const stdout = log.follow(child.stdout);
  const stderr = log.follow(child.stderr);
  const ended = new Promise<ProcessExit>((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
  const exited = new Promise<ProcessExit>((resolve) => child.once('close', (code, signal) => resolve({ code, signal })));
  void exited.then(({ code, signal }) => log.end(`it ended with ${signal ?? `code ${code}`}`));
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('spawn', () => resolve(child.pid ?? 0));
  });

  const processes = () => {
    const own = child.exitCode === null && child.signalCode === null ? [pid] : [];
    return [...new Set([...own, ...childProcesses(pid), ...markedProcesses(marker, id)])];
  };
  return {
    pid,
    exited,
    stdout,
    stderr,
    waitForLine: (pattern, timeoutMs = 30_000) => log.waitFor(pattern, timeoutMs),
    signal: (name) => child.kill(name),
    processes,
    [Symbol.asyncDispose]: async () => {
      kill(-pid, 'SIGKILL');
      // Again while any is left: one may have been starting another as it was killed.
      for (let left = processes(); left.length > 0; left = processes()) {
        left.forEach((one) => kill(one, 'SIGKILL'));
        await new Promise((resolve) => setImmediate(resolve));
      }
      await ended;
    },
  };
}
