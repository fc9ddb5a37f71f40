import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { killMarked, markName, markedProcesses } from './marked-processes.mjs';

/**
 * Starts processes of which none is left when the harness has ended, however that happens: also when it is killed while some of them are
 * stopped. A second process watches it (reaper.mjs).
 */
export class Guard {
  #mark = randomUUID();
  #reaper;
  #children = [];

  constructor() {
    this.#reaper = spawn(process.execPath, [fileURLToPath(new URL('reaper.mjs', import.meta.url))], { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
    this.#reaper.stdin.on('error', () => undefined); // It was killed: the harness still cleans up after itself.
    this.#tell({ mark: this.#mark });
  }

  /** Processes of this run that live. */
  processes() {
    return markedProcesses(this.#mark);
  }

  /** The command takes back something that was just made, or is about to be; it runs when the guard is disposed. */
  undoLater(...command) {
    this.#tell({ undo: command });
  }

  /** Somebody has run it. */
  undone(...command) {
    this.#tell({ undone: command });
  }

  /**
   * Starts a process in a group of its own.
   * `command` with its arguments in an array; `env` on top of this one's; `log` file that its output is appended to
   * @param {{ name: string, command: string[], env?: Record<string, string>, log: string }} options
   */
  start({ name, command: [first, ...rest], env = {}, log }) {
    const file = openSync(log, 'a');
    const child = spawn(first, rest, { env: { ...process.env, ...env, [markName]: this.#mark }, stdio: ['ignore', file, file, 'ipc'], detached: true });
    closeSync(file);
    const started = new GuardedProcess(name, child);
    this.#children.push(started);
    return started;
  }

  /** Kills what is left, and waits until all is taken back. */
  async [Symbol.asyncDispose]() {
    await killMarked(this.#mark);
    await Promise.all(this.#children.map((child) => child.ended));
    const ended = once(this.#reaper, 'exit');
    this.#reaper.stdin.end();
    if (this.#reaper.exitCode === null && this.#reaper.signalCode === null) await ended;
  }

  #tell(message) {
    this.#reaper.stdin.write(`${JSON.stringify(message)}\n`);
  }
}

/** A process of a run. Services of ours say when they are ready (libs/processes). */
class GuardedProcess {
  #child;
  /** Resolves with the facts that it reported, or rejects with why it never was. */
  ready;
  /** Resolves with `{ code, signal }` when it has ended. */
  ended;
  exit = null;
  /** Why it failed, in its own words. */
  reason;

  constructor(name, child) {
    this.name = name;
    this.#child = child;
    this.ended = new Promise((resolve) => {
      child.once('error', (error) => resolve({ code: null, signal: null, error }));
      child.once('exit', (code, signal) => resolve({ code, signal }));
    });
    void this.ended.then((exit) => (this.exit = exit));
    this.ready = new Promise((resolve, reject) => {
      let reason = '';
      child.on('message', (message) => {
        if (message.kind === 'ready') resolve(message.facts ?? {});
        if (message.kind !== 'failed') return;
        reason = `: ${message.message}`;
        this.reason = message.message;
      });
      void this.ended.then(({ code, signal, error }) => reject(new Error(`${name} ended before it was ready, with ${error?.message ?? signal ?? `code ${code}`}${reason}`)));
    });
    this.ready.catch(() => undefined); // Whoever cares awaits it.
  }

  get pid() {
    return this.#child.pid;
  }

  /** Says something to it; to one that has ended nothing is said. */
  send(message) {
    if (this.#child.connected) this.#child.send(message, () => undefined);
  }

  /** Sends a signal, to one that has ended none. */
  signal(name) {
    return this.#child.kill(name);
  }
}
