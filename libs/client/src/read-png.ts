import { readFile } from 'node:fs/promises';
import { PNG } from 'pngjs';
import { LangevinError } from '@langevin/contracts';

/**
 * The pixels of a PNG as a model's images are: [height, width, channels], a byte each.
 *
 * @param imageShape what the picture must be; one channel takes a grey picture
 * @throws LangevinError `invalid_argument` for a file that is no PNG, another size, colours for a grey model, or transparency; `object_missing` for no file
 */
export async function readPng(path: string, imageShape: readonly [number, number, number]): Promise<Uint8Array> {
  const [height, width, channels] = imageShape;
  const picture = decoded(path, await read(path));
  if (picture.width !== width || picture.height !== height) {
    throw new LangevinError('invalid_argument', `${path} is ${picture.width} × ${picture.height} pixels, the model's images are ${width} × ${height}`);
  }
  const pixels = new Uint8Array(height * width * channels);
  for (let i = 0; i < height * width; i++) {
    const [red = 0, green, blue, alpha] = picture.data.subarray(4 * i, 4 * i + 4);
    if (alpha !== 255) throw new LangevinError('invalid_argument', `${path} is transparent in places; the model's images are not`);
    if (channels === 1 && (red !== green || red !== blue)) throw new LangevinError('invalid_argument', `${path} has colours, the model's images are grey`);
    for (let c = 0; c < channels; c++) pixels[channels * i + c] = picture.data[4 * i + c]!; // Four bytes a pixel.
  }
  return pixels;
}

async function read(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new LangevinError('object_missing', `${path} cannot be read: ${LangevinError.from(cause).message}`, { cause });
  }
}

function decoded(path: string, bytes: Buffer): PNG {
  try {
    return PNG.sync.read(bytes);
  } catch (cause) {
    throw new LangevinError('invalid_argument', `${path} is no PNG that can be read: ${LangevinError.from(cause).message}`, { cause });
  }
}
