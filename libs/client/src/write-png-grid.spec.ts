import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@langevin/testing';
import { PNG } from 'pngjs';
import { imageGrid } from './image-grid.js';
import { writePngGrid } from './write-png-grid.js';

/** Every byte value once, as two 8×16 images. */
const images = Float32Array.from({ length: 256 }, (_, byte) => byte / 127.5 - 1);

describe('writePngGrid', () => {
  it.each([[[8, 16, 1] as const], [[8, 4, 3] as const]])('writes a picture of %j images that decodes to the same pixels', async (imageShape) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'new', 'grid.png');
    const samples = { images: images.subarray(0, 2 * imageShape[0] * imageShape[1] * imageShape[2]), imageShape };
    await writePngGrid(path, samples, { columns: 1, scale: 2, gap: 3 });
    const decoded = PNG.sync.read(await readFile(path));
    const { width, height, rgba } = imageGrid(samples, { columns: 1, scale: 2, gap: 3 });
    expect([decoded.width, decoded.height]).toEqual([width, height]);
    expect(new Uint8Array(decoded.data)).toEqual(rgba);
  });

  it('replaces a picture and leaves nothing else behind', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'grid.png');
    await writeFile(path, 'an older picture');
    await writePngGrid(path, { images, imageShape: [16, 16, 1] });
    expect((await readFile(path)).subarray(1, 4).toString()).toBe('PNG');
    expect(await readdir(folder.path)).toEqual(['grid.png']);
  });

  it('says which path cannot be written, and leaves nothing behind', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'grid.png');
    await mkdir(join(path, 'in-the-way'), { recursive: true });
    await expect(writePngGrid(path, { images, imageShape: [16, 16, 1] })).rejects.toThrow(
      expect.objectContaining({ code: 'storage_failed', message: expect.stringContaining(`cannot write ${path}: `) }),
    );
    expect(await readdir(folder.path)).toEqual(['grid.png']);
  });
});
