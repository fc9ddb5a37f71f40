import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, makeOnce } from './cache-folder.js';
import { temporaryFolder } from './temporary-folder.js';

describe('cacheFolder', () => {
  it.each([
    [{ LANGEVIN_CACHE: '/a', XDG_CACHE_HOME: '/b', HOME: '/c' }, '/a'],
    [{ XDG_CACHE_HOME: '/b', HOME: '/c' }, '/b/langevin'],
    [{ HOME: '/c' }, '/c/.cache/langevin'],
  ])('%j is %s', (env, expected) => {
    expect(cacheFolder(env)).toBe(expected);
  });
});

describe('makeOnce', () => {
  const fill = (text: string) => async (draft: string): Promise<void> => {
    await new Promise((resolve) => setImmediate(resolve));
    writeFileSync(join(draft, 'file'), text);
  };

  it('lets one of several make it while the others wait', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'deep/thing');
    const made = await Promise.all([1, 2, 3].map((maker) => makeOnce(path, fill(String(maker)))));
    expect(made.filter(Boolean)).toHaveLength(1);
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe(String(made.indexOf(true) + 1));
  });

  it('leaves nothing by its name when it fails, and begins anew the next time', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'thing');
    await expect(makeOnce(path, () => Promise.reject(new Error('no network')))).rejects.toThrow('no network');
    expect(existsSync(path)).toBe(false);
    expect(await makeOnce(path, fill('second'))).toBe(true);
    expect(readFileSync(join(path, 'file'), 'utf8')).toBe('second');
  });

  it('does not wait for a maker that has died', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'thing');
    // No process has this id: it is above what Linux and macOS give.
    writeFileSync(`${path}.lock`, '99999999');
    expect(await makeOnce(path, fill('mine'))).toBe(true);
  });
});
