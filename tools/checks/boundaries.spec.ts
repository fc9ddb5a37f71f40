import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** A violation planted in a file that exists, and what lint must say about it. */
const planted: readonly [title: string, path: string, text: string, message: string][] = [
  ['gRPC in a core', 'libs/cluster-core/src/index.ts', `import '@grpc/grpc-js';`, 'is not allowed to import "@grpc/grpc-js"'],
  ['a package that is not installed in a core', 'libs/cluster-core/src/index.ts', `import 'minio';`, 'This package runs on any platform'],
  ['a Node module in a core', 'libs/cluster-core/src/index.ts', `import 'node:fs';`, 'This package runs on any platform'],
  ['a Node module in the contracts', 'libs/contracts/src/index.ts', `import 'node:fs';`, 'This package runs on any platform'],
  ['a backend of tfjs in diffusion-core', 'libs/diffusion-core/src/index.ts', `import '@tensorflow/tfjs';`, 'is not allowed to import'],
  ['an adapter in a core', 'libs/cluster-core/src/index.ts', `import '@langevin/rpc';`, 'can only depend on libs tagged with "type:core"'],
  ['a core in the contracts', 'libs/contracts/src/index.ts', `import '@langevin/cluster-core';`, 'Circular dependency between "@langevin/contracts"'],
  ['an app in an adapter', 'libs/evaluation/src/index.ts', `import '@langevin/trainer/main';`, 'can only depend on libs tagged with "type:adapter"'],
  ['an app in another app', 'apps/trainer/src/trainer.ts', `import '@langevin/coordinator/main';`, 'can only depend on libs tagged with "type:adapter"'],
  ['a sibling by its path', 'libs/registry/src/index.ts', `import '../../rpc/src/index.js';`, 'Projects cannot be imported by a relative or absolute path'],
  ['the inside of a package', 'libs/registry/src/index.ts', `import '@langevin/rpc/src/status.js';`, 'Import the package by its name'],
  ['the clock in a core', 'libs/cluster-core/src/index.ts', `export const now = Date.now();`, 'The clock is a parameter'],
  ['chance in a core', 'libs/diffusion-core/src/index.ts', `export const r = Math.random();`, 'Randomness is a parameter'],
  ['everything exported', 'libs/rpc/src/index.ts', `export * from './status.js';`, 'List the names'],
  ['a promise that nobody awaits', 'libs/rpc/src/index.ts', `Promise.resolve();`, 'Promises must be awaited'],
  ['the type any', 'libs/rpc/src/index.ts', `export const x: any = 1;`, 'Unexpected any'],
  ['an empty catch', 'libs/rpc/src/index.ts', `try { JSON.parse(''); } catch {}`, 'Empty block statement'],
];

describe('lint bites', () => {
  let messages: string[][] = [];

  beforeAll(() => {
    const texts = planted.map(([, path, text]) => ({ path, text: `${text}\n` }));
    const output = execFileSync(process.execPath, [join(__dirname, 'lint-texts.mjs'), JSON.stringify(texts)], {
      encoding: 'utf8',
      env: { ...process.env, NX_DAEMON: 'false' },
    });
    messages = JSON.parse(output) as string[][]; // lint-texts.mjs prints exactly this
  }, 120_000);

  it.each(planted.map(([title, path, , message], index) => ({ title, path, message, index })))('refuses $title ($path)', ({ message, index }) => {
    expect(messages[index]?.join('\n')).toContain(message);
  });
});
