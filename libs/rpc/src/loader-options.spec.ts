import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { loaderOptions } from './loader-options.js';
import { serviceNames } from './services.js';

const manifest = JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { scripts: { generate: string } };
const words = manifest.scripts.generate.split('&&').pop()?.trim().split(' ') ?? [];

/** Flags of proto-loader-gen-types that say how messages look; the others say where files go. */
const placement = ['grpcLib', 'importFileExtension', 'includeDirs', 'outDir'];

describe('the generate script', () => {
  it('makes types for exactly the options that messages are decoded with', () => {
    const flags = words.filter((word) => word.startsWith('--')).map((word) => word.slice(2).split('='));
    const shape = Object.fromEntries(flags.filter(([name]) => !placement.includes(name ?? '')).map(([name, value]) => [name, value ?? true]));
    const decoding = Object.entries(loaderOptions).map(([name, value]) => [name, value === String ? 'String' : value]);
    expect(shape).toEqual(Object.fromEntries(decoding));
  });

  it('covers every proto file that is loaded', () => {
    const protos = words.filter((word) => word.endsWith('.proto'));
    expect(protos).toEqual(serviceNames.map((name) => `langevin/v1/${name.toLowerCase()}.proto`));
  });
});
