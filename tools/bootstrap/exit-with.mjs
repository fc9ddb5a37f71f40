import { constants } from 'node:os';
import { explain } from './bootstrap-error.mjs';

/** Runs a script's main function; what it throws becomes one line and exit code 1. */
export async function exitWith(main) {
  try {
    process.exitCode = await main();
  } catch (error) {
    process.stderr.write(`✗ ${explain(error)}\n`);
    process.exitCode = 1;
  }
}

/** The exit code that a shell gives to a process that a signal ended. */
export const codeOf = (code, signal) => code ?? 128 + (constants.signals[signal] ?? 0);
