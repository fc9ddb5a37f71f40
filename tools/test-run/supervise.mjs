import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';

const marker = 'LANGEVIN_TEST_RUN';
const limitMs = 40 * 60_000;
const graceMs = 3000;
const pollMs = 50;

/** Living processes that inherited the marker, wherever in the process tree they are now; known on Linux only. */
function marked(id) {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false;
    try {
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(`${marker}=${id}`);
    } catch {
      return false; // It ended between the listing and the reading, or belongs to someone else.
    }
  });
}

function commandLine(pid) {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '(ended meanwhile)';
  }
}

function kill(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended by itself.
  }
}

/** Gives what a command left running a moment to end by itself, as a worker does whose parent has gone. */
async function settle(id) {
  for (let waitedMs = 0; waitedMs < graceMs && marked(id).length > 0; waitedMs += pollMs) {
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** Kills what a command left running, until nothing of it is left; resolves with a line for each such process. */
async function killLeftovers(id) {
  const lines = new Map();
  for (let left = marked(id); left.length > 0; left = marked(id)) {
    for (const pid of left) {
      if (!lines.has(pid)) lines.set(pid, `left running: ${pid} ${commandLine(pid)}`);
      kill(Number(pid), 'SIGKILL');
    }
    await new Promise((resolve) => setImmediate(resolve));
  }
  return [...lines.values()];
}

/** What stops each command that runs now. */
const running = new Set();

/** Ends this process, but not before every command is stopped with all that it started. */
async function interrupted(signal) {
  await Promise.allSettled([...running].map((stop) => stop()));
  process.exit(signal === 'SIGINT' ? 130 : 143);
}

function begin(stop) {
  if (running.size === 0) process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  running.add(stop);
}

function end(stop) {
  running.delete(stop);
  if (running.size === 0) process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
}

/**
 * Runs a command in a process group of its own, with its output captured. At the end nothing of it is left: a process that it left
 * behind is killed and named in `leftovers`. So is a command that takes longer than its limit.
 */
export function supervise(command, args, { cwd, env = {} }) {
  return new Promise((resolve, reject) => {
    const id = randomUUID();
    const child = spawn(command, args, {
      cwd,
      env: { ...process.env, NX_DAEMON: 'false', NX_TUI: 'false', FORCE_COLOR: '0', ...env, [marker]: id },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (piece) => (output += piece));
    }
    const stop = async () => {
      const lines = await killLeftovers(id);
      kill(-child.pid, 'SIGKILL');
      return lines;
    };
    const timer = setTimeout(() => {
      output += `\nkilled: it took longer than ${limitMs / 60_000} minutes\n`;
      stop();
    }, limitMs);
    begin(stop);
    child.once('error', (error) => {
      end(stop);
      reject(error);
    });
    // On exit, not on close: a process that was left behind may hold the output open for ever.
    const cleared = new Promise((done) => child.once('exit', () => done(settle(id).then(stop))));
    child.once('close', async (code) => {
      const leftovers = await cleared;
      clearTimeout(timer);
      end(stop);
      resolve({ code: code ?? 1, output, leftovers });
    });
  });
}
