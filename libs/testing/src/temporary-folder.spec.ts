import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from './temporary-folder.js';

describe('temporaryFolder', () => {
  it('gives an empty folder that goes with all it holds', async () => {
    let path: string;
    {
      await using folder = await temporaryFolder();
      path = folder.path;
      expect(statSync(path).isDirectory()).toBe(true);
      mkdirSync(join(path, 'deep'));
      writeFileSync(join(path, 'deep', 'file'), 'text');
    }
    expect(existsSync(path)).toBe(false);
  });

  it('goes even when its scope ends by an error', async () => {
    let path = '';
    const failing = async () => {
      await using folder = await temporaryFolder();
      path = folder.path;
      throw new Error('on purpose');
    };
    await expect(failing()).rejects.toThrow('on purpose');
    expect(existsSync(path)).toBe(false);
  });

  it('never gives the same folder twice', async () => {
    await using first = await temporaryFolder();
    await using second = await temporaryFolder();
    expect(first.path).not.toBe(second.path);
  });
});
