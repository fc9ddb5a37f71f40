import { readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { startProcess, temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { langevinOnPath, printedCommands } from '../testing/printed-commands.js';
import { command, endOf, workspace } from '../testing/run-langevin.js';
import { startClusterWithDigits } from '../testing/test-cluster.js';

const minutes = 60_000;
jest.setTimeout(60 * minutes);

let folder: TemporaryFolder;

/** The rough denoiser of the quick demo, under the name of the page, and the classifier of the page. */
beforeAll(async () => {
  folder = await temporaryFolder();
  const dataDir = join(folder.path, '.langevin');
  const quick = readFileSync(join(workspace, 'recipes/digits-quick.yaml'), 'utf8');
  const denoiser = join(folder.path, 'denoiser.yaml');
  writeFileSync(denoiser, quick.replace(/^name: .*$/m, 'name: digits-ddpm'));
  await using cluster = await startClusterWithDigits(dataDir, 2);
  for (const file of [denoiser, join(workspace, 'recipes/digits-classifier.yaml')]) {
    await using job = await startProcess(process.execPath, [command, 'job', 'submit', file, '--wait', '--data-dir', dataDir]);
    expect(await endOf(job, 30 * minutes)).toMatchObject({ code: 0 });
  }
  await cluster.stop();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('docs/guidance.md', () => {
  it('names, pulls and guides as printed: from chance to the label that was asked for', async () => {
    const [commands = ''] = printedCommands('docs/guidance.md', 'The whole way, with names');
    const env = { PATH: `${langevinOnPath(folder.path)}${delimiter}${process.env['PATH']}` };
    await using shell = await startProcess('sh', ['-e', '-c', commands], { cwd: folder.path, env });
    const { code, stdout, stderr } = await endOf(shell, 30 * minutes);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });

    // SCALE, AGREEMENT, 95 % INTERVAL, DIVERSITY
    const rows = [...stdout.matchAll(/^(\d+) +([\d.]+) % +[\d.]+ % – [\d.]+ % +([\d.]+) %$/gm)].map((match) => match.slice(1).map(Number));
    expect(rows.map(([scale]) => scale)).toEqual([0, 16]);
    const [free = [], guided = []] = rows;
    process.stdout.write(`agreement and diversity at γ = 0: ${free[1]} %, ${free[2]} %; at γ = 16: ${guided[1]} %, ${guided[2]} %\n`);
    expect(free[1]).toBeLessThan(20);
    expect(guided[1]).toBeGreaterThanOrEqual(85);
    expect(guided[2]).toBeGreaterThanOrEqual(70);
  });
});
