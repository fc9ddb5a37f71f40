import type { ArgumentFacts, CommandFacts } from './command-facts.js';

/** The text after the options of a help, in parts. */
export interface HelpParts {
  /** Paragraphs. */
  readonly notes: readonly string[];
  /** Command lines, without the prompt. */
  readonly examples: readonly string[];
}

/** Tells notes from examples, which stand behind a `$` under the line `Examples:`. */
export function splitHelp(help: string): HelpParts {
  const lines = help.split('\n');
  const examples = lines.flatMap((line) => /^ +\$ (.*)$/.exec(line)?.[1] ?? []);
  const rest = lines.filter((line) => !/^ +\$ /.test(line) && !/^Examples?:$/.test(line)).join('\n');
  const notes = rest.split(/\n{2,}/).map((text) => text.replaceAll('\n', ' ').trim());
  return { notes: notes.filter((note) => note !== ''), examples };
}

/** `langevin job show [options] <name>`. */
export function commandUsage({ name, arguments: taken, options }: CommandFacts, path: readonly string[]): string {
  return [...path, name, ...(options.length > 0 ? ['[options]'] : []), ...taken.map(argumentText)].join(' ');
}

function argumentText({ name, required, variadic }: ArgumentFacts): string {
  const text = `${name}${variadic ? '...' : ''}`;
  return required ? `<${text}>` : `[${text}]`;
}
