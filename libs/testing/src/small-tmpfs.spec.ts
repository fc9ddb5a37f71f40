import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { smallTmpfs } from './small-tmpfs.js';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

describe('smallTmpfs', () => {
  const whenItCan = async () => {
    let path: string;
    {
      await using disk = await smallTmpfs(1);
      path = disk.path;
      writeFileSync(join(path, 'fits'), Buffer.alloc(512 * 1024));
      expect(() => writeFileSync(join(path, 'too-much'), Buffer.alloc(1024 * 1024))).toThrow(/ENOSPC/);
    }
    expect(existsSync(path)).toBe(false);
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(path);
  };

  const whenItCannot = async () => {
    await expect(smallTmpfs(1)).rejects.toThrow('a tmpfs of 1 MiB needs root on Linux');
  };

  if (isRoot) it('is full after its megabytes, and is unmounted at the end', whenItCan);
  else it('says that it needs root on Linux', whenItCannot);
});
