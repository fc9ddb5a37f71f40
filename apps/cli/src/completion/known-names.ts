import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { modelsPrefix, parseStoreLocation, runsPrefix, stepOfKey, storeOfDataFolder, versionOfKey } from '@langevin/registry';
import { defaultDataDir } from '../common-options.js';
import type { Completion } from './complete-line.js';
import type { ValueKind } from './value-kind.js';

/** What a store has, by name. */
interface Names {
  runs(): string[];
  steps(run: string): number[];
  models(): string[];
  versions(model: string): number[];
  aliases(model: string): string[];
}

/**
 * Names of the store that may stand where the cursor is. They come from the folders of a directory, and of a store on a server from the
 * local index as the last listing left it: neither opens the store, so it is quick.
 * @param kind anything but a path
 */
export async function knownNames(kind: ValueKind, { word, given }: Completion): Promise<string[]> {
  const { options, operands } = given;
  const dataDir = expandHome(options.get('--data-dir') ?? defaultDataDir);
  const location = parseStoreLocation(expandHome(options.get('--store') ?? storeOfDataFolder(dataDir)));
  using names = location.kind === 'directory' ? folderNames(location.path) : await indexNames(join(dataDir, 'index.db'));
  return candidatesOf(kind, names, word, operands[0] ?? '').filter((name) => name.startsWith(word));
}

function candidatesOf(kind: ValueKind, names: Names, word: string, operand: string): string[] {
  const [, owner = '', mark = ''] = /^([^:@]*)([:@])/.exec(word) ?? [];
  switch (kind) {
    case 'run':
      return names.runs();
    case 'step':
      return names.steps(operand).map(String);
    case 'checkpoint':
      return mark === ':' ? names.steps(owner).map((step) => `${owner}:${step}`) : names.runs();
    case 'model':
      return names.models();
    case 'model-reference':
      if (mark === ':') return names.versions(owner).map((version) => `${owner}:${version}`);
      return mark === '@' ? names.aliases(owner).map((alias) => `${owner}@${alias}`) : names.models();
    case 'version':
      return names.versions(operand).map(String);
    case 'alias':
      return names.aliases(operand);
    default:
      return [];
  }
}

/** A directory store keeps each key as a file of that path. */
function folderNames(store: string): Names & Disposable {
  const list = (...path: string[]): string[] => (existsSync(join(store, ...path)) ? readdirSync(join(store, ...path)).sort() : []);
  const numbers = (keys: readonly string[], of: (key: string) => number | undefined): number[] => keys.flatMap((key) => of(key) ?? []);
  return {
    runs: () => list(runsPrefix),
    steps: (run) => numbers(list(runsPrefix, run, 'ckpt').map((name) => `/ckpt/${name}`), stepOfKey),
    models: () => list(modelsPrefix),
    versions: (model) => numbers(list(modelsPrefix, model, 'versions').map((name) => `/versions/${name}`), versionOfKey),
    aliases: (model) => list(modelsPrefix, model, 'aliases'),
    [Symbol.dispose]: () => undefined,
  };
}

async function indexNames(path: string): Promise<Names & Disposable> {
  const { RegistryIndex } = await import('@langevin/registry-index');
  const index = new RegistryIndex(existsSync(path) ? path : ':memory:');
  return {
    runs: () => index.runs().map(({ name }) => name),
    steps: (run) => index.checkpoints(run).map(({ step }) => step),
    models: () => index.models().map(({ name }) => name),
    versions: (model) => index.versions(model).map(({ version }) => version),
    aliases: (model) => [...new Set(index.moves(model).map(({ event }) => event.alias))],
    [Symbol.dispose]: () => index.close(),
  };
}

/** Shells hand over the line as it was typed. */
function expandHome(path: string): string {
  return path.replace(/^~(?=\/|$)/, homedir());
}
