import { spawn } from 'node:child_process';
import os from 'node:os';
import type { RuntimeEnvironment } from './runtime-environment.js';

const forwardedSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const graceMs = 10_000;

/** Set in the environment of a process that {@link relaunch} started, for {@link followParent}. */
const followVariable = 'LANGEVIN_FOLLOW_PARENT';

/**
 * Runs this Node again as a child with `env` added to the environment, and resolves to its exit code (128 + n for a child
 * that signal n ended). Streams are inherited; SIGINT, SIGTERM and SIGHUP are passed on, each once: the child has a
 * process group of its own, so that Ctrl-C does not reach it twice. A child that calls {@link followParent} also ends when
 * this process is killed.
 * @param argv the script and its arguments, usually `process.argv.slice(1)`.
 * @throws Error when the child cannot be started.
 */
export function relaunch(argv: readonly string[], env: RuntimeEnvironment): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [...process.execArgv, ...argv], {
      env: { ...process.env, ...env, [followVariable]: '1' },
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    const forwards = forwardedSignals.map((signal) => [signal, () => void child.kill(signal)] as const);
    for (const [signal, forward] of forwards) process.on(signal, forward);
    const stopForwarding = () => forwards.forEach(([signal, forward]) => process.off(signal, forward));
    child.once('error', (error) => {
      stopForwarding();
      reject(error);
    });
    child.once('exit', (code, signal) => {
      stopForwarding();
      resolve(code ?? 128 + (signal ? os.constants.signals[signal] : 0));
    });
  });
}

/**
 * Ends this process when the one that {@link relaunch}ed it is gone, killed outright included: with SIGTERM, so that
 * its own handlers run, and after ten seconds with SIGKILL. The main thread must not be blocked for that. Does nothing in
 * a process that was started in any other way.
 */
export function followParent(): void {
  if (process.env[followVariable] !== '1' || !process.channel) return;
  // Children of this process that have channels of their own follow their own parents.
  delete process.env[followVariable];
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM');
    setTimeout(() => process.kill(process.pid, 'SIGKILL'), graceMs).unref();
  });
  if (!process.connected) process.kill(process.pid, 'SIGTERM');
  process.channel.unref();
}
