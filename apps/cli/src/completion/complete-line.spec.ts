import type { CommandFacts, OptionFacts } from '../command-facts.js';
import { completeLine } from './complete-line.js';

const option = (flags: string, more: Partial<OptionFacts> = {}): OptionFacts => ({
  flags,
  long: /--[\w-]+/.exec(flags)?.[0] ?? '',
  short: /^-\w/.exec(flags)?.[0] ?? '',
  value: /<(\w+)/.exec(flags)?.[1] ?? '',
  variadic: flags.includes('...'),
  mandatory: false,
  description: '',
  default: '',
  choices: [],
  ...more,
});
const command = (name: string, more: Partial<CommandFacts> = {}): CommandFacts => ({ name, description: `${name} it`, arguments: [], options: [], help: '', commands: [], ...more });
const taking = (name: string, more = {}) => ({ name, required: true, variadic: false, choices: [], ...more });

const program = command('langevin', {
  options: [option('-V, --version')],
  commands: [
    command('job', {
      commands: [
        command('show', { arguments: [taking('name')], options: [option('--data-dir <folder>'), option('--json')] }),
        command('submit', { arguments: [taking('spec')], options: [option('--set <path=value...>'), option('-f, --follow'), option('--form <form>', { choices: ['score', 'mean'] })] }),
        command('resume', { arguments: [taking('run')], options: [option('--from <checkpoint>')] }),
      ],
    }),
    command('run', { commands: [command('compare', { arguments: [taking('names', { variadic: true })] })] }),
    command('completion', { arguments: [taking('shell', { choices: ['bash', 'zsh'] })] }),
  ],
});

/** What may stand at the end: words of the program, and the kind of what else. */
const at = (line: string): unknown[] => {
  const { candidates, wants } = completeLine(program, line.split(' '));
  return [...candidates.map(({ value }) => value), ...(wants === null ? [] : [`<${wants}>`])];
};

describe('completion of a line', () => {
  it.each([
    ['', ['job', 'run', 'completion']],
    ['--v', ['--version']],
    ['jo', ['job']],
    ['job ', ['show', 'submit', 'resume']],
    ['job s', ['show', 'submit']],
    ['job nothing ', []],
    ['job show ', ['<run>']],
    ['job show digits ', []],
    ['job show --', ['--data-dir', '--json', '--help']],
    ['job show --json --', ['--data-dir', '--help']],
    ['job show --data-dir ', ['<folder>']],
    ['job show --data-dir x ', ['<run>']],
    ['job show --data-dir=', ['<folder>']],
    ['job submit ', ['<file>']],
    ['job submit --form ', ['score', 'mean']],
    ['job submit --form=m', ['mean']],
    ['job submit -f ', ['<file>']],
    ['job submit --set a=1 ', []],
    ['job submit x.yaml --set a=1 --', ['--set', '--follow', '--form', '--help']],
    ['job resume digits --from ', ['<step>']],
    ['run compare a b ', ['<run>']],
    ['completion z', ['zsh']],
    ['nothing here ', []],
  ])('of "%s"', (line, expected) => {
    expect(at(line)).toEqual(expected);
  });

  it('tells what the line gives already', () => {
    const { given, word, prefix } = completeLine(program, ['job', 'show', '--data-dir=there', 'digits', '--json', '--data-dir=else']);
    expect([Object.fromEntries(given.options), given.operands, word, prefix]).toEqual([{ '--data-dir': 'there' }, ['digits'], 'else', '--data-dir=']);
  });
});
