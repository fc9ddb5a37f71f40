import { spawn } from 'node:child_process';
import { codeOf } from './exit-with.mjs';

/**
 * Runs a command in this one's place: same terminal, same exit code. A signal from the terminal reaches both by itself;
 * one sent to this process alone is passed on, so that the command can always end in its own way.
 */
export function runInForeground(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: 'inherit' });
    const passOn = (signal) => {
      // Ctrl-C in a terminal goes to the whole group: the command has it already, and a second one would mean "at once".
      if (!(signal === 'SIGINT' && process.stdin.isTTY)) child.kill(signal);
    };
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    signals.forEach((signal) => process.on(signal, passOn));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      signals.forEach((name) => process.off(name, passOn));
      resolve(codeOf(code, signal));
    });
  });
}
