import { asTyped } from './as-typed.js';

/** How results are shown: words for people, or one JSON value for programs. */
export interface Output {
  readonly json: boolean;
  /** For people only: what goes on. */
  say(line: string): void;
  /** The result: `value` under --json, else `text`. */
  result(value: unknown, text: string): void;
}

/** Results go to standard output; what goes on goes to standard error, so that a pipe carries results alone. */
export function createOutput(json: boolean): Output {
  return {
    json,
    say: (line) => {
      if (!json) process.stderr.write(`${asTyped(line)}\n`);
    },
    result: (value, text) => void process.stdout.write(`${json ? JSON.stringify(value) : asTyped(text)}\n`),
  };
}

/** Rows in columns that line up, under a heading. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = heading.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd();
  return [line(heading), ...rows.map(line)].join('\n');
}
