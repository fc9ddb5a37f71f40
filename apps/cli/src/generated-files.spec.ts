import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess, temporaryFolder } from '@langevin/testing';
import { programFacts } from './gen/program-facts.js';
import type { CommandFacts } from './command-facts.js';
import { workspace } from './testing/run-langevin.js';

const read = (path: string): string => readFileSync(join(workspace, path), 'utf8');
const leaves = (command: CommandFacts, path: string): [string, CommandFacts][] =>
  command.commands.length === 0 ? [[path, command]] : command.commands.flatMap((each) => leaves(each, `${path} ${each.name}`));

describe('what is generated from the commands', () => {
  it('is up to date: `npm run generate` writes docs/cli.md and what completion reads', async () => {
    await using folder = await temporaryFolder();
    await using generating = await startProcess(process.execPath, [join(workspace, 'apps/cli/scripts/generate-command-line.mjs'), folder.path]);
    expect([await generating.exited, generating.stderr()]).toEqual([{ code: 0, signal: null }, '']);
    expect(read('docs/cli.md')).toBe(readFileSync(join(folder.path, 'cli.md'), 'utf8'));
    expect(read('apps/cli/src/gen/program-facts.ts')).toBe(readFileSync(join(folder.path, 'program-facts.ts'), 'utf8'));
  }, 60_000);

  it('has a description and an example of every command', () => {
    const commands = leaves(programFacts, 'langevin');
    expect(commands.length).toBeGreaterThan(30);
    const lacking = commands.filter(([path, { description, help }]) => description === '' || !help.includes(`$ ${path}`));
    expect(lacking.map(([path]) => path)).toEqual([]);
  });

  it('has every command in docs/cli.md, and no default of this machine', () => {
    const page = read('docs/cli.md');
    for (const [path] of leaves(programFacts, 'langevin')) expect(page).toContain(`# ${path}\n`);
    expect(page).not.toContain(String(process.pid));
    expect(read('README.md')).toContain('(docs/cli.md)');
  });
});
