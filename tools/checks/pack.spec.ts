import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess, temporaryFolder } from '@langevin/testing';
import type { TemporaryFolder } from '@langevin/testing';
import { root } from '../bootstrap/workspace.mjs';

interface PackedFile {
  readonly path: string;
}

interface Packed {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly PackedFile[];
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
}

/** Every workspace that is published: all that are not private. */
function publishable(): string[] {
  const output = execFileSync('npm', ['query', '.workspace'], { cwd: root, encoding: 'utf8' });
  const manifests = JSON.parse(output) as Manifest[]; // npm query prints the packages' manifests
  return manifests.filter((manifest) => manifest.private !== true).map(({ name }) => name);
}

/** The README's code block of a language that holds a text, without its fences. */
function readmeBlock(language: string, holding: string): string {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const blocks = [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text]) => text ?? '');
  const found = blocks.filter((text) => text.includes(holding));
  if (found.length !== 1) throw new Error(`README.md: expected one \`\`\`${language} block with "${holding}", found ${found.length}`);
  return found[0] ?? '';
}

/** Runs a command that must succeed; resolves with what it wrote to standard output. */
async function run(folder: string, command: string, ...args: string[]): Promise<string> {
  await using child = await startProcess(command, args, { cwd: folder });
  const { code } = await child.exited;
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with code ${code}: ${child.stderr()}${child.stdout()}`);
  return child.stdout();
}

/** The smallest job that takes ten labels, under the name that the README's script opens. */
const tinyRecipe = `
name: digits-ddpm
dataset: { name: mnist-digits }
model:
  sample_size: 28
  block_out_channels: [8]
  down_block_types: [DownBlock2D]
  up_block_types: [UpBlock2D]
  norm_num_groups: 4
  num_class_embeds: 11
training: { steps: 2, virtualWorkers: 2, microBatch: 2, labelDropout: 0.1 }
checkpoints: { everySteps: 2 }
`;

describe('the packages, packed and installed into an empty folder', () => {
  let folder: TemporaryFolder;
  let packed: Packed[] = [];

  beforeAll(async () => {
    folder = await temporaryFolder();
    const workspaces = publishable().flatMap((name) => ['--workspace', name]);
    const output = execFileSync('npm', ['pack', '--json', '--pack-destination', folder.path, ...workspaces], { cwd: root, encoding: 'utf8' });
    const parsed = JSON.parse(output) as Packed[] | Record<string, Packed>; // npm 10 prints a list, npm 11 may print an object by name
    packed = Object.values(parsed);
    writeFileSync(join(folder.path, 'package.json'), '{"name":"empty","private":true}');
    const tarballs = readdirSync(folder.path).filter((name) => name.endsWith('.tgz')).map((name) => `./${name}`);
    await run(folder.path, 'npm', 'install', '--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', ...tarballs);
  }, 900_000);

  afterAll(async () => {
    await folder[Symbol.asyncDispose]();
  });

  it('hold what runs and what types it, and neither specs nor build records', () => {
    expect(packed.length).toBeGreaterThan(10);
    for (const { name, files } of packed) {
      const paths = files.map(({ path }) => path);
      expect({ name, strays: paths.filter((path) => /\.(spec|bench)\.|tsbuildinfo|jest\.config|tsconfig/.test(path)) }).toEqual({ name, strays: [] });
      // What a browser loads has no entry for Node.
      if (!paths.some((path) => path.endsWith('.js') && !path.startsWith('dist/app/'))) continue;
      const entries = ['dist/index.js', 'dist/main.js'].filter((path) => paths.includes(path) && paths.includes(path.replace('.js', '.d.ts')));
      expect({ name, entries: entries.length }).toEqual({ name, entries: 1 });
    }
  });

  it('say with npx langevin doctor what this machine has', async () => {
    const answer = await run(folder.path, 'npx', '--no-install', 'langevin', 'doctor', '--json');
    expect(JSON.parse(answer)).toMatchObject({ backend: expect.any(String) });
  });

  it('draw samples with the script of the README, of a model that was trained there', async () => {
    writeFileSync(join(folder.path, 'tiny.yaml'), tinyRecipe);
    await run(folder.path, 'npx', '--no-install', 'langevin', 'demo', '--quick', '--recipe', 'tiny.yaml', '--trainers', '1');
    writeFileSync(join(folder.path, 'sample.mjs'), readmeBlock('js', '@langevin/client'));
    await run(folder.path, process.execPath, 'sample.mjs');
    const pictures = readdirSync(folder.path).filter((name) => name.endsWith('.png')).map((name) => readFileSync(join(folder.path, name)));
    expect(pictures.map((bytes) => bytes.subarray(1, 4).toString())).toEqual(['PNG']);
  }, 120_000);
});
