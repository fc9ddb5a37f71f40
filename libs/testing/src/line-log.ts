import type { Readable } from 'node:stream';

interface Waiter {
  readonly pattern: RegExp;
  readonly resolve: (match: RegExpMatchArray) => void;
  readonly reject: (reason: string) => void;
}

/** The last lines of a process's output: enough to see why it failed, short enough for a message. */
const tailLines = 40;

/** The lines of several streams in the order of arrival, and those who wait for one of them. */
export class LineLog {
  readonly #title: string;
  readonly #lines: string[] = [];
  readonly #waiters = new Set<Waiter>();
  #ended: string | undefined;

  /** @param title names the source in error messages */
  constructor(title: string) {
    this.#title = title;
  }

  /** Reads a stream of UTF-8 text to its end; the returned function gives what has come so far. */
  follow(stream: Readable): () => string {
    let text = '';
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (piece: string) => {
      text += piece;
      const lines = (rest + piece).split(/\r?\n/);
      rest = lines.pop() ?? '';
      lines.forEach((line) => this.#add(line));
    });
    stream.on('end', () => {
      if (rest !== '') this.#add(rest);
    });
    return () => text;
  }

  /** Says that no line will come any more, and why. */
  end(reason: string): void {
    this.#ended = reason;
    this.#waiters.forEach((waiter) => waiter.reject(reason));
  }

  /** Resolves with the first line that matches; rejects at the end of the log or after `timeoutMs`. */
  waitFor(pattern: RegExp, timeoutMs: number): Promise<RegExpMatchArray> {
    for (const line of this.#lines) {
      const match = line.match(pattern);
      if (match) return Promise.resolve(match);
    }
    return new Promise((resolve, reject) => {
      const settle = (act: () => void) => {
        clearTimeout(timer);
        this.#waiters.delete(waiter);
        act();
      };
      const fail = (reason: string) => settle(() => reject(this.#failure(pattern, reason)));
      const waiter: Waiter = { pattern, resolve: (match) => settle(() => resolve(match)), reject: fail };
      const timer = setTimeout(() => fail(`${timeoutMs} ms have passed`), timeoutMs);
      this.#waiters.add(waiter);
      if (this.#ended !== undefined) fail(this.#ended);
    });
  }

  #add(line: string): void {
    this.#lines.push(line);
    for (const waiter of this.#waiters) {
      const match = line.match(waiter.pattern);
      if (match) waiter.resolve(match);
    }
  }

  #failure(pattern: RegExp, reason: string): Error {
    const tail = this.#lines.slice(-tailLines).join('\n') || '(nothing)';
    return new Error(`${this.#title}: no line matched ${pattern}: ${reason}. Its output:\n${tail}`);
  }
}
