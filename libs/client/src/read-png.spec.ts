import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@langevin/testing';
import { PNG } from 'pngjs';
import { readPng } from './read-png.js';
import { writePng } from './write-png.js';

describe('a PNG of one image', () => {
  it.each([[[3, 2, 1]], [[2, 5, 3]]] as [readonly [number, number, number]][])('of %j comes back to the byte', async (shape) => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'a.png');
    const pixels = Uint8Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => (i * 37) % 256);
    await writePng(path, pixels, shape);
    expect(await readPng(path, shape)).toEqual(pixels);
  });

  it('says what is wrong with a file', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'b.png');
    await writePng(path, Uint8Array.of(1, 2, 3), [1, 1, 3]);
    await expect(readPng(path, [1, 1, 1])).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining('has colours') });
    await expect(readPng(path, [2, 1, 3])).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining("is 1 × 1 pixels, the model's images are 1 × 2") });
    await expect(readPng(join(folder.path, 'none.png'), [1, 1, 1])).rejects.toMatchObject({ code: 'object_missing' });
    writeFileSync(path, 'text');
    await expect(readPng(path, [1, 1, 1])).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining('no PNG that can be read') });
    const clear = new PNG({ width: 1, height: 1 });
    writeFileSync(path, PNG.sync.write(clear));
    await expect(readPng(path, [1, 1, 1])).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining('transparent') });
  });
});
