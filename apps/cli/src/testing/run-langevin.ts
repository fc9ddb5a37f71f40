import { join } from 'node:path';
import { startProcess, type StartedProcess, type StartOptions } from '@langevin/testing';

/** The workspace's root: where a reader of the README runs commands. */
export const workspace = join(__dirname, '../../../..');

/** The built `langevin` command. */
export const command = join(workspace, 'apps/cli/bin/langevin.js');

/** Long enough for a machine that does much else at the same time; nothing that works comes near it. */
const endLimitMs = 120_000;

/** What a command left behind when it had ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that was refused. */
export interface Refusal {
  readonly exitCode: number | null;
  /** The code of the error under --json. */
  readonly code: string;
  /** What standard error said in its only line, without "langevin: ". */
  readonly message: string;
}

/** Starts the built `langevin` command as a process. Whether npx runs the specs changes none of its words. */
export function startLangevin(args: readonly string[], options: StartOptions = {}): Promise<StartedProcess> {
  return startProcess(process.execPath, [command, ...args], { ...options, env: { npm_command: '', ...options.env } });
}

/** Runs `langevin` to its end. Rejects when it hangs, and when it leaves a process behind. */
export async function langevin(args: readonly string[], options?: StartOptions): Promise<CommandEnd> {
  await using child = await startLangevin(args, options);
  return await endOf(child);
}

/** Waits for the end of a process and of everything it started. */
export async function endOf(child: StartedProcess, limitMs = endLimitMs): Promise<CommandEnd> {
  let timer: NodeJS.Timeout | undefined;
  const hung = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`it has not ended within ${limitMs} ms; it printed:\n${child.stdout()}${child.stderr()}`)), limitMs);
  });
  const { code } = await Promise.race([child.exited, hung]).finally(() => clearTimeout(timer));
  const left = child.processes();
  if (left.length > 0) throw new Error(`it ended and left the processes ${left.join(', ')} behind; it printed:\n${child.stdout()}${child.stderr()}`);
  return { code, stdout: child.stdout(), stderr: child.stderr() };
}

/** Runs `langevin … --json` and gives the value that it printed. */
export async function langevinJson<T>(args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await langevin([...args, '--json']);
  if (code !== 0) throw new Error(`langevin ${args.join(' ')} ended with code ${code}: ${stderr}`);
  return JSON.parse(stdout) as T; // The command under test; the spec looks at the values.
}

/**
 * Runs `langevin … --json`, which must fail as the interface promises: one line on standard error, the same message as one JSON
 * value on standard output.
 */
export async function refusal(args: readonly string[], options?: StartOptions): Promise<Refusal> {
  return readRefusal(await langevin([...args, '--json'], options));
}

/** How a command that has failed under --json said so. */
export function readRefusal({ code: exitCode, stdout, stderr }: CommandEnd): Refusal {
  expect(stderr).toMatch(/^langevin: [^\n]+\n$/);
  const printed = JSON.parse(stdout) as { ok: boolean; error: { code: string; message: string } };
  const message = printed.error.message;
  expect(printed).toEqual({ ok: false, error: { code: printed.error.code, message } });
  expect(stderr).toContain(message);
  return { exitCode, code: printed.error.code, message };
}
