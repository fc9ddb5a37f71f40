import { EventEmitter } from 'node:events';
import type { Argument, Command, Option } from 'commander';

/** What a command takes by its place. */
export interface ArgumentFacts {
  readonly name: string;
  readonly required: boolean;
  /** Takes all that follow. */
  readonly variadic: boolean;
  readonly choices: readonly string[];
}

/** What a command takes by name. */
export interface OptionFacts {
  /** As the help shows it: `-f, --follow`. */
  readonly flags: string;
  /** `--follow`. */
  readonly long: string;
  /** `-f`; empty without one. */
  readonly short: string;
  /** What stands for its value: `n` of `--count <n>`; empty for a switch. */
  readonly value: string;
  readonly variadic: boolean;
  readonly mandatory: boolean;
  readonly description: string;
  /** The default, as the help shows it; empty without one. */
  readonly default: string;
  readonly choices: readonly string[];
}

/** A command: what its help says, as data. */
export interface CommandFacts {
  readonly name: string;
  readonly description: string;
  readonly arguments: readonly ArgumentFacts[];
  readonly options: readonly OptionFacts[];
  /** What the help says after that: notes and examples. */
  readonly help: string;
  readonly commands: readonly CommandFacts[];
}

/** Everything that the help of a command and of the commands below it says. Hidden ones are left out. */
export function commandFacts(command: Command): CommandFacts {
  const visible = command.createHelp().visibleCommands(command).filter((each) => each.name() !== 'help');
  return {
    name: command.name(),
    description: command.description(),
    arguments: command.registeredArguments.map(argumentFacts),
    options: command.options.filter(({ hidden }) => !hidden).map(optionFacts),
    help: helpAfter(command),
    commands: visible.map(commandFacts),
  };
}

function argumentFacts(argument: Argument): ArgumentFacts {
  return { name: argument.name(), required: argument.required, variadic: argument.variadic, choices: argument.argChoices ?? [] };
}

function optionFacts(option: Option): OptionFacts {
  return {
    flags: option.flags,
    long: option.long ?? option.flags,
    short: option.short ?? '',
    value: /[<[]([^>\]]+?)(?:\.\.\.)?[>\]]/.exec(option.flags)?.[1] ?? '',
    variadic: option.variadic,
    mandatory: option.mandatory,
    description: option.description,
    default: defaultText(option),
    choices: option.argChoices ?? [],
  };
}

/** A switch that is off, and an empty list, are not worth a word. */
function defaultText({ defaultValue, defaultValueDescription }: Option): string {
  const value: unknown = defaultValue;
  if (defaultValueDescription !== undefined) return defaultValueDescription;
  if (value === undefined || value === false || (Array.isArray(value) && value.length === 0)) return '';
  if (value === true) return 'on';
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** Commander keeps such texts as listeners of an event that each help emits; its types do not say that a command is an emitter. */
function helpAfter(command: Command): string {
  let text = '';
  if (command instanceof EventEmitter) command.emit('afterHelp', { error: false, command, write: (more: string) => (text += more) });
  return text.trim();
}
