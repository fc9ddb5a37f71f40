import type { CommandFacts, OptionFacts } from '../command-facts.js';
import { valueKind, type ValueKind } from './value-kind.js';

/** One thing that may stand next. */
export interface Candidate {
  readonly value: string;
  readonly description: string;
}

/** What may stand where the cursor is. */
export interface Completion {
  /** Words of the program itself that begin like the word at the cursor. */
  readonly candidates: readonly Candidate[];
  /** What else may: names of the store, or paths; null for nothing. */
  readonly wants: ValueKind | null;
  /** The part of the word at the cursor that is to be completed: what follows `--run=`. */
  readonly word: string;
  /** The part before it. */
  readonly prefix: string;
  /** Values that the line gives already: of options by `--name`, and of arguments in their order. */
  readonly given: { readonly options: ReadonlyMap<string, string>; readonly operands: readonly string[] };
}

/** Where the words before the cursor lead. */
interface Place {
  readonly command: CommandFacts;
  readonly path: readonly string[];
  readonly operands: readonly string[];
  readonly options: ReadonlyMap<string, string>;
  readonly used: ReadonlySet<string>;
  /** An option whose value is to come. */
  readonly pending: OptionFacts | null;
}

/**
 * What may stand at the end of a command line.
 * @param words what follows the name of the program; the last one is the word at the cursor, and may be empty
 */
export function completeLine(program: CommandFacts, words: readonly string[]): Completion {
  const current = words.at(-1) ?? '';
  const place = walk(program, words.slice(0, -1));
  const { pending, command, operands, options } = place;
  const given = { options, operands };
  const [, name = '', value] = /^(--[^=]+)=(.*)$/s.exec(current) ?? [];
  const assigned = value === undefined ? undefined : command.options.find(({ long }) => long === name);
  if (assigned && value !== undefined) return { ...ofOption(assigned, place, value), word: value, prefix: `${name}=`, given };
  if (pending && !(pending.variadic && current.startsWith('-'))) return { ...ofOption(pending, place, current), word: current, prefix: '', given };
  if (current.startsWith('-')) return { candidates: beginning(optionsOf(place), current), wants: null, word: current, prefix: '', given };
  return { ...ofArgument(place, current), word: current, prefix: '', given };
}

function walk(program: CommandFacts, words: readonly string[]): Place {
  let command = program;
  let pending: OptionFacts | null = null;
  const [path, operands, options, used] = [[program.name], [] as string[], new Map<string, string>(), new Set<string>()];
  for (const word of words) {
    if (pending && !word.startsWith('-')) {
      options.set(pending.long, word);
      if (!pending.variadic) pending = null;
    } else if (word.startsWith('-')) {
      const [, name = word, value] = /^(--[^=]+)=(.*)$/s.exec(word) ?? [];
      const option = command.options.find(({ long, short }) => name === long || name === short);
      if (option && value !== undefined) options.set(option.long, value);
      used.add(option?.long ?? name);
      pending = option && option.value !== '' && value === undefined ? option : null;
    } else {
      const below: CommandFacts | undefined = operands.length === 0 ? command.commands.find(({ name }) => name === word) : undefined;
      if (below) path.push(below.name);
      else operands.push(word);
      command = below ?? command;
    }
  }
  return { command, path, operands, options, used, pending };
}

type Found = Pick<Completion, 'candidates' | 'wants'>;

function ofOption(option: OptionFacts, { path }: Place, word: string): Found {
  if (option.choices.length > 0) return { candidates: beginning(option.choices.map(undescribed), word), wants: null };
  return { candidates: [], wants: valueKind(path, option.long, option.value) };
}

function ofArgument({ command, path, operands }: Place, word: string): Found {
  if (command.commands.length > 0) {
    return { candidates: operands.length > 0 ? [] : beginning(command.commands.map(({ name, description }) => ({ value: name, description })), word), wants: null };
  }
  const argument = command.arguments[operands.length] ?? command.arguments.findLast(({ variadic }) => variadic);
  if (!argument) return { candidates: [], wants: null };
  if (argument.choices.length > 0) return { candidates: beginning(argument.choices.map(undescribed), word), wants: null };
  return { candidates: [], wants: valueKind(path, '', argument.name) };
}

/** Options that are not on the line yet, or may be there again. */
function optionsOf({ command, used }: Place): Candidate[] {
  const own = command.options.filter(({ long, variadic }) => variadic || !used.has(long)).map(({ long, description }) => ({ value: long, description }));
  return [...own, { value: '--help', description: 'show the help of the command' }];
}

function beginning(candidates: readonly Candidate[], word: string): Candidate[] {
  return candidates.filter(({ value }) => value.startsWith(word));
}

function undescribed(value: string): Candidate {
  return { value, description: '' };
}
