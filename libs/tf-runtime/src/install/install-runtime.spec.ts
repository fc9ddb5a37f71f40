import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { installRuntime } from './install-runtime.js';
import { cacheRoot, currentPlatform, recordFile, runtimeDirectory } from './runtime-cache.js';
import { bindingVersion, tensorFlowVersion, wheelFor, wheelPins } from './wheel-pins.js';

let root: string;
let cache: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'langevin-install-'));
  cache = path.join(root, 'cache');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const onlyWhereBuilt = wheelFor(currentPlatform()) ? it : it.skip;

describe('installRuntime', () => {
  it('reports what is missing before it downloads, prints or writes anything', async () => {
    const lines: string[] = [];
    const result = await installRuntime({ env: { PATH: root, LANGEVIN_CACHE: cache }, onProgress: (line) => lines.push(line) });
    expect(result.status).toBe('missing');
    expect(lines).toEqual([]);
    expect(existsSync(cache)).toBe(false);
  });

  it('leaves a runtime alone that is complete', async () => {
    const env = { PATH: root, LANGEVIN_CACHE: cache };
    const directory = runtimeDirectory(env);
    mkdirSync(directory, { recursive: true });
    writeFileSync(path.join(directory, 'library'), 'x');
    writeFileSync(path.join(directory, recordFile), '{"files":{"library":1}}');
    expect(await installRuntime({ env })).toEqual({ status: 'ready', directory, built: false });
  });

  onlyWhereBuilt('prints the sizes first, and leaves nothing behind when the download fails', async () => {
    const lines: string[] = [];
    const env = { ...process.env, LANGEVIN_CACHE: cache, PIP_NO_INDEX: '1', PIP_FIND_LINKS: root };
    await expect(installRuntime({ env, onProgress: (line) => lines.push(line) })).rejects.toMatchObject({
      code: 'runtime_missing',
      message: expect.stringContaining(`tensorflow`),
    });
    expect(lines[0]).toMatch(/^TensorFlow 2\.21\.0 for \S+: \d+ MB to download, \d+ MB unpacked, into /);
    expect(readdirSync(path.join(cache, 'tensorflow'))).toEqual([]);
  });

  onlyWhereBuilt('refuses a wheel whose digest is not the pinned one', async () => {
    const pin = wheelFor(currentPlatform());
    if (!pin) throw new Error('guarded by onlyWhereBuilt');
    const name = `${pin.packageName.replace('-', '_')}-${tensorFlowVersion}-cp312-cp312-${pin.pipPlatform}.whl`;
    writeFileSync(path.join(root, name), 'another wheel');
    const env = { ...process.env, LANGEVIN_CACHE: cache, PIP_NO_INDEX: '1', PIP_FIND_LINKS: root };
    await expect(installRuntime({ env })).rejects.toThrow(`Expected sha256 ${pin.sha256}`);
    expect(readdirSync(path.join(cache, 'tensorflow'))).toEqual([]);
  });
});

describe('the cache', () => {
  it('lies where LANGEVIN_CACHE says, else in the user\'s cache folder', () => {
    expect(cacheRoot({ LANGEVIN_CACHE: '/data/c', XDG_CACHE_HOME: '/x', HOME: '/home/a' })).toBe('/data/c');
    expect(cacheRoot({ XDG_CACHE_HOME: '/x', HOME: '/home/a' })).toBe('/x/langevin');
    expect(cacheRoot({ HOME: '/home/a' })).toBe('/home/a/.cache/langevin');
  });

  it('holds one folder for each TensorFlow, flavor, platform and binding', () => {
    expect(runtimeDirectory({ LANGEVIN_CACHE: '/c' })).toBe(`/c/tensorflow/2.21.0-cpu-${currentPlatform()}-${bindingVersion}`);
    expect(runtimeDirectory({ LANGEVIN_CACHE: '/c' }, 'gpu')).toBe(`/c/tensorflow/2.21.0-gpu-${currentPlatform()}-${bindingVersion}`);
  });
});

it('pins every wheel by a whole SHA-256', () => {
  for (const pin of wheelPins) expect(pin.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(new Set(wheelPins.map(({ sha256 }) => sha256)).size).toBe(wheelPins.length);
});
