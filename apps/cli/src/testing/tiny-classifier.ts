import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Writes the job of a noisy classifier that one core trains in seconds into `folder`, and gives its path. */
export function writeTinyClassifier(folder: string, trainers: number): string {
  const file = join(folder, 'tiny-classifier.yaml');
  const text = `name: tiny-classifier
seed: 3
dataset: { name: mnist-digits }
model:
  type: classifier2d
  sample_size: 28
  block_out_channels: [4, 8]
  down_block_types: [DownBlock2D, DownBlock2D]
  norm_num_groups: 4
  attention_head_dim: 4
  num_classes: 10
training: { steps: 4, virtualWorkers: 4, microBatch: 4, learningRate: 1e-3, clipNorm: 1 }
checkpoints: { everySteps: 4 }
trainers: { min: ${trainers} }
`;
  writeFileSync(file, text);
  return file;
}
