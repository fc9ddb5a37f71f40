import { LangevinError, type DatasetManifest } from '@langevin/contracts';
import { decodeSafetensors, encodeSafetensors, type SafetensorsTensor } from '@langevin/diffusion-core/io';
import type { LabelledImages } from './dataset-source.js';

/** A shard as safetensors: `images` (U8, [n, height, width, channels]) and `labels` (U8, [n]). */
export function encodeShard({ images, labels }: LabelledImages, imageShape: readonly number[]): Uint8Array {
  return encodeSafetensors([
    { name: 'images', dtype: 'U8', shape: [labels.length, ...imageShape], data: images },
    { name: 'labels', dtype: 'U8', shape: [labels.length], data: labels },
  ]);
}

/**
 * Reads a shard. The result is views into `bytes`.
 * @param samples what the manifest says that it holds
 * @throws LangevinError `object_corrupt` if it is no shard of that dataset
 */
export function decodeShard(bytes: Uint8Array, samples: number, dataset: Pick<DatasetManifest, 'name' | 'imageShape' | 'classes'>): LabelledImages {
  const { tensors } = decodeSafetensors(bytes);
  const images = bytesOf(tensors, 'images', [samples, ...dataset.imageShape], dataset.name);
  const labels = bytesOf(tensors, 'labels', [samples], dataset.name);
  const wrong = labels.findIndex((label) => label >= dataset.classes);
  if (wrong >= 0) {
    throw new LangevinError('object_corrupt', `shard of ${dataset.name}: sample ${wrong} has label ${labels[wrong]}, there are ${dataset.classes} classes`);
  }
  return { images, labels };
}

function bytesOf(tensors: readonly SafetensorsTensor[], name: string, shape: readonly number[], dataset: string): Uint8Array {
  const tensor = tensors.find((candidate) => candidate.name === name);
  const found = tensor ? `${tensor.dtype} [${tensor.shape}]` : 'absent';
  const wanted = `U8 [${shape}]`;
  if (tensor && found === wanted) return tensor.data;
  throw new LangevinError('object_corrupt', `shard of ${dataset}: ${name} is ${found}, the manifest says ${wanted}`);
}
