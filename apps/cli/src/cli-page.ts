import { commandUsage, splitHelp } from './command-text.js';
import type { CommandFacts, OptionFacts } from './command-facts.js';
import type { ExitCodeFacts } from './exit-code.js';

/** Options that so many commands share are described once. */
const commonFrom = 8;

type CommonOptions = ReadonlyMap<string, OptionFacts>;

const introduction = `# The command line

<!-- Written by \`npm run generate\` from the program itself: change the command, not this page. -->

\`npx langevin COMMAND\` in a checkout, \`langevin COMMAND\` where the package is installed. Everything below is what \`--help\` says.

- **Results go to standard output, everything else to standard error.** \`--json\` prints one JSON value instead of text; \`job logs\`
  one a line.
- **An error is one line** that says what was wrong, where, and what to do. Under \`--json\` standard output has
  \`{"ok":false,"error":{"code":…,"message":…}}\` besides; the code is stable.
- **A cluster is a folder**, \`.langevin\` unless \`--data-dir\` names another: its store, its token, and where its coordinator listens.
  \`run\`, \`ckpt\`, \`model\`, \`dataset\`, \`sample\`, \`eval\` and \`store\` read the store and need no coordinator; \`job\`, \`node\`, \`trainer\` and
  \`health\` talk to one.`;

const completion = `## Completion

Commands, options, files, and the names of runs, models, versions and aliases of the data folder that the line names.

\`\`\`sh
source <(langevin completion bash)                                      # in ~/.bashrc
langevin completion zsh > "\${fpath[1]}/_langevin"                       # once, then a new shell
langevin completion fish > ~/.config/fish/completions/langevin.fish     # once
\`\`\``;

/** docs/cli.md: every command with its options, defaults and examples, and every exit code, in Markdown. */
export function cliPage(program: CommandFacts, exits: readonly ExitCodeFacts[]): string {
  const common = commonOptions(program);
  const parts = [introduction, exitCodeTable(exits), completion, index(program), commonTable(common), ...program.commands.map((command) => section(command, [program.name], common))];
  return `${parts.join('\n\n')}\n`;
}

function exitCodeTable(exits: readonly ExitCodeFacts[]): string {
  const rows = exits.map(({ code, meaning, errors }) => `| ${code} | ${meaning} | ${errors.map((error) => `\`${error}\``).join(', ')} |`);
  return ['## Exit codes', '', 'They are stable.', '', '| code | meaning | errors |', '|---|---|---|', ...rows].join('\n');
}

function index({ name, commands }: CommandFacts): string {
  const rows = commands.map((command) => `| [\`${name} ${command.name}\`](#${name}-${command.name}) | ${cell(command.description)} |`);
  return ['## Commands', '', '| | |', '|---|---|', ...rows].join('\n');
}

function section(command: CommandFacts, path: readonly string[], common: CommonOptions): string {
  const own = [...path, command.name];
  const title = `${'#'.repeat(own.length)} ${own.join(' ')}`;
  if (command.commands.length > 0) return [title, sentence(command.description), ...command.commands.map((each) => section(each, own, common))].join('\n\n');
  const { notes, examples } = splitHelp(command.help);
  const parts = [title, fence(commandUsage(command, path)), sentence(command.description), ...notes.map(escape), optionTable(command.options, common)];
  if (examples.length > 0) parts.push(fence(examples.join('\n')));
  return parts.filter((part) => part !== '').join('\n\n');
}

/** What only this command takes as a table, and which of the common ones it takes too. */
function optionTable(options: readonly OptionFacts[], common: CommonOptions): string {
  const own = options.filter((option) => !common.has(keyOf(option)));
  const shared = options.filter((option) => common.has(keyOf(option))).map(({ long }) => `\`${long}\``);
  const also = shared.length === 0 ? [] : [`${own.length > 0 ? 'Also' : 'Options:'} ${shared.join(', ')}: see [common options](#common-options).`];
  return [...(own.length > 0 ? [rowsOf(own)] : []), ...also].join('\n\n');
}

function commonTable(common: CommonOptions): string {
  return ['## Common options', rowsOf([...common.values()])].join('\n\n');
}

function rowsOf(options: readonly OptionFacts[]): string {
  const rows = options.map((option) => {
    const { flags, mandatory, choices } = option;
    // What a default depends on is told in words.
    const [, what = option.description, words = ''] = /^(.*) \(default: (.*)\)$/.exec(option.description) ?? [];
    const facts = [...(choices.length > 0 ? [`one of ${choices.map((choice) => `\`${choice}\``).join(', ')}`] : []), ...(mandatory ? ['must be given'] : [])];
    return `| \`${flags.replaceAll('|', '\\|')}\` | ${cell([what, ...facts].join('; '))} | ${option.default === '' ? cell(words) : `\`${cell(option.default)}\``} |`;
  });
  return ['| option | what | default |', '|---|---|---|', ...rows].join('\n');
}

/** Those that many commands take with the same words and the same default. */
function commonOptions(program: CommandFacts): CommonOptions {
  const leaves = (command: CommandFacts): CommandFacts[] => (command.commands.length === 0 ? [command] : command.commands.flatMap(leaves));
  const found = new Map<string, { option: OptionFacts; count: number }>();
  for (const option of leaves(program).flatMap(({ options }) => options)) {
    const key = keyOf(option);
    found.set(key, { option, count: (found.get(key)?.count ?? 0) + 1 });
  }
  return new Map([...found].filter(([, { count }]) => count >= commonFrom).map(([key, { option }]) => [key, option]));
}

function keyOf({ flags, description, default: value }: OptionFacts): string {
  return JSON.stringify([flags, description, value]);
}

function fence(text: string): string {
  return `\`\`\`sh\n${text}\n\`\`\``;
}

function sentence(text: string): string {
  return escape(`${text.charAt(0).toUpperCase()}${text.slice(1)}.`);
}

function cell(text: string): string {
  return escape(text).replaceAll('|', '\\|');
}

/** `<x>` outside of code would be taken for HTML. */
function escape(text: string): string {
  return text.replaceAll('<', '&lt;');
}
