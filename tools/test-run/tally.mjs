/** The result of a check that is one test: passed, or failed with what it printed. */
export const verdict = (ok, output = '', note = '') => ({ passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0, output: ok ? '' : output, note });

const sum = ({ passed, failed, skipped }) => `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;

/** Adds up what passed and failed, and prints one line a check; what a check printed is shown only when it failed. */
export class Tally {
  #total = { passed: 0, failed: 0, skipped: 0 };
  #failures = [];
  #running = new Set();

  /** Runs one check and counts it; a check that throws has failed. */
  async count(name, check) {
    const startMs = performance.now();
    this.#running.add(name);
    this.#showRunning();
    const result = await check().catch((error) => verdict(false, error.stack));
    const time = `${((performance.now() - startMs) / 1000).toFixed(1)} s`;
    this.#running.delete(name);
    if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
    for (const key of Object.keys(this.#total)) this.#total[key] += result[key];
    const mark = result.failed > 0 ? '✗' : '✓';
    process.stdout.write(`${mark} ${name.padEnd(16)} ${sum(result).padEnd(24)} ${time.padStart(8)}  ${result.note}\n`);
    if (result.failed > 0) {
      this.#failures.push(name);
      process.stdout.write(`${result.output.trimEnd()}\n\n`);
    }
    this.#showRunning();
  }

  /** On a terminal, the last line names what runs now. */
  #showRunning() {
    if (process.stdout.isTTY && this.#running.size > 0) process.stdout.write(`\r\x1b[K  ${[...this.#running].join(', ')}…`);
  }

  /** Prints the sum alone on the last line; returns the exit code. */
  finish() {
    if (this.#failures.length > 0) process.stdout.write(`\nfailed: ${this.#failures.join(', ')}\n`);
    process.stdout.write(`${sum(this.#total)}\n`);
    return this.#total.failed > 0 ? 1 : 0;
  }
}
