import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promoteModel, registerModel, DirectoryStore } from '@langevin/registry';
import { startProcess, temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { command, langevin } from './testing/run-langevin.js';
import { commitCheckpoints } from './testing/tiny-store.js';

jest.setTimeout(120_000);

let folder: TemporaryFolder;
const at = (name: string): string => join(folder.path, name);

/** The folder of a shell with `langevin` on its PATH, and a store in `.langevin`. */
beforeAll(async () => {
  folder = await temporaryFolder();
  mkdirSync(at('bin'));
  writeFileSync(at('bin/langevin'), `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`);
  chmodSync(at('bin/langevin'), 0o755);
  writeFileSync(at('my job.yaml'), '');
  const [checkpoint = ''] = await commitCheckpoints(at('.langevin'), 'digits', 10, 200);
  await commitCheckpoints(at('.langevin'), 'classifier', 10);
  const store = await DirectoryStore.open(at('.langevin/store'));
  const change = { actor: 'ann', now: () => 0, newId: () => 'id' };
  await registerModel(store, { model: 'sevens', checkpoint }, change);
  await promoteModel(store, { model: 'sevens', alias: 'production', version: 1 }, change);
});
afterAll(() => folder[Symbol.asyncDispose]());

/** What a real bash offers at the end of each line, with the words as bash itself splits them. */
async function offers(lines: readonly string[]): Promise<string[][]> {
  const script = `
    source <(langevin completion bash)
    for COMP_LINE in "$@"; do
      COMP_POINT=\${#COMP_LINE}
      _langevin
      printf '%s\\n' "\${COMPREPLY[@]}"; echo
    done`;
  await using bash = await startProcess('bash', ['--noprofile', '--norc', '-c', script, 'bash', ...lines], { cwd: folder.path, env: { PATH: `${at('bin')}:${process.env['PATH']}` } });
  expect([await bash.exited, bash.stderr()]).toEqual([{ code: 0, signal: null }, '']);
  return bash.stdout().split('\n\n').map((block) => block.split('\n').filter((line) => line !== '').sort());
}

const lines: readonly (readonly [what: string, line: string, offered: readonly string[]])[] = [
  ['commands', 'langevin jo', ['job']],
  ['commands of a command', 'langevin job s', ['show', 'submit']],
  ['options', 'langevin job logs --f', ['--follow']],
  ['choices', 'langevin sample --sampler dd', ['ddim', 'ddpm']],
  ['runs', 'langevin job logs ', ['classifier', 'digits']],
  ['runs as the value of an option', 'langevin sample --run d', ['digits']],
  // Bash replaces what follows the last of : = @.
  ['runs after =', 'langevin sample --run=d', ['digits']],
  ['steps of a run', 'langevin ckpt show digits:', ['10', '200']],
  ['models', 'langevin model pull s', ['sevens']],
  ['aliases of a model', 'langevin model pull sevens@', ['production']],
  ['aliases to move', 'langevin model rollback sevens --alias ', ['production']],
  ['versions', 'langevin model promote sevens ', ['1']],
  ['files', 'langevin job submit my', ['my job.yaml']],
  ['folders', 'langevin job ls --data-dir ', ['.langevin', 'bin']],
  ['nothing of a folder that is not there', 'langevin job logs --data-dir none ', []],
  ['nothing for what it must not run', 'langevin job show $(touch here) ', []],
];

describe('completion in bash', () => {
  let offered: string[][];
  beforeAll(async () => {
    offered = await offers(lines.map(([, line]) => line));
  });

  it.each(lines.map(([what, line, expected], index) => [what, line, expected, index] as const))('offers %s', (_what, _line, expected, index) => {
    expect(offered[index]).toEqual(expected);
  });

  it('runs nothing that is typed', () => {
    expect(readdirSync(folder.path)).not.toContain('here');
  });
});

describe('langevin complete', () => {
  it('loads neither a tensor runtime nor gRPC', async () => {
    const coverage = at('coverage');
    const { stdout } = await langevin(['complete', '--', 'sample', '--run', 'd'], { cwd: folder.path, env: { NODE_V8_COVERAGE: coverage } });
    expect(stdout).toBe('digits\t\n');
    // Node writes down every script that it ran.
    const [file = ''] = readdirSync(coverage);
    const scripts = (JSON.parse(readFileSync(join(coverage, file), 'utf8')) as { result: { url: string }[] }).result.map(({ url }) => url);
    expect(scripts.filter((url) => url.endsWith('/answer-shell.js'))).toHaveLength(1);
    expect(scripts.filter((url) => /tensorflow|@grpc|libsql|minio|tf-runtime|libs\/client/.test(url))).toEqual([]);
  });

  it('says nothing where it knows nothing, and never fails', async () => {
    writeFileSync(at('store.json'), 'no json');
    for (const words of [['--', 'nothing', ''], ['--', 'run', 'show', '--data-dir', folder.path, ''], []]) {
      expect(await langevin(['complete', ...words])).toMatchObject({ code: 0, stderr: '' });
    }
  });
});

describe('langevin completion', () => {
  it('refuses other shells, and is not hidden, as what answers is', async () => {
    expect(await langevin(['completion', 'tcsh'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^langevin: [^\n]*'tcsh' is invalid[^\n]*bash, zsh, fish[^\n]*\n$/) });
    const { stdout } = await langevin(['--help']);
    expect(stdout).toMatch(/^ {2}completion <shell> +print what a shell reads/m);
    expect(stdout).not.toMatch(/^ {2}complete /m);
  });
});
