/** Where progress is written: a terminal, or a log that gets a line now and then. */
export interface ProgressSink {
  write(text: string): unknown;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

const BAR = 24;
/** Without a terminal, a line each time this share of the work is done. */
const LOG_SHARE = 0.1;

/** One line of progress with a bar, which a terminal rewrites in place and a log repeats every tenth. */
export class ProgressBar {
  readonly #sink: ProgressSink;
  readonly #label: string;
  #logged = -1;
  #open = false;
  #said = '';

  constructor(label: string, sink: ProgressSink = process.stderr) {
    this.#label = label;
    this.#sink = sink;
  }

  /** Shows that `done` of `total` is done; `facts` follow the bar ("loss 0.031 · 183 images/s"). */
  show(done: number, total: number, facts: string): void {
    this.#said = '';
    const share = total > 0 ? Math.min(1, done / total) : 1;
    const filled = Math.round(share * BAR);
    const bar = `${'█'.repeat(filled)}${'░'.repeat(BAR - filled)}`;
    const line = `${this.#label} ${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${facts}`;
    if (this.#sink.isTTY) {
      this.#sink.write(`\r${line.slice(0, (this.#sink.columns ?? 80) - 1)}\u001b[K`);
      this.#open = true;
      return;
    }
    const tenth = Math.floor(share / LOG_SHARE);
    if (tenth > this.#logged) this.#sink.write(`${line}\n`);
    this.#logged = Math.max(tenth, this.#logged);
  }

  /** Says something in the place of the progress; a log is told once, until there is progress again. */
  say(text: string): void {
    if (this.#sink.isTTY) this.#sink.write(`\r${`${this.#label}  ${text}`.slice(0, (this.#sink.columns ?? 80) - 1)}\u001b[K`);
    else if (text !== this.#said) this.#sink.write(`${this.#label}  ${text}\n`);
    this.#open ||= this.#sink.isTTY === true;
    this.#said = text;
  }

  /** Leaves the line as it is and goes on below it. */
  end(): void {
    if (this.#open) this.#sink.write('\n');
    this.#open = false;
  }
}

/** "45 s", "3 min 20 s", "1 h 5 min". */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
