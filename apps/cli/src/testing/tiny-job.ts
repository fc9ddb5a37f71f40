import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** What a spec may want different from the tiny job. */
export interface TinyJobOptions {
  /** @default 'tiny' */
  readonly name?: string;
  /** @default 3 */
  readonly seed?: number;
  /** @default 6 */
  readonly steps?: number;
  /** @default 3 */
  readonly everySteps?: number;
  /** Trainers that it waits for. @default 1 */
  readonly trainers?: number;
  /** @default 'fp32' */
  readonly precision?: 'fp32' | 'bf16';
  /** @default 'peers' */
  readonly exchange?: 'peers' | 'coordinator';
}

/** The specification of a job that one core trains in a second: 8 virtual workers, two images each. */
export function tinyJobYaml({ name = 'tiny', seed = 3, steps = 6, everySteps = 3, trainers = 1, precision = 'fp32', exchange = 'peers' }: TinyJobOptions = {}): string {
  return `name: ${name}
seed: ${seed}
dataset: { name: mnist-digits }
model:
  sample_size: 28
  block_out_channels: [8, 8]
  down_block_types: [DownBlock2D, AttnDownBlock2D]
  up_block_types: [AttnUpBlock2D, UpBlock2D]
  norm_num_groups: 4
  attention_head_dim: 8
  num_class_embeds: 11
training: { steps: ${steps}, virtualWorkers: 8, microBatch: 2, learningRate: 1e-3, labelDropout: 0.1, clipNorm: 1, precision: ${precision} }
exchange: ${exchange}
checkpoints: { everySteps: ${everySteps} }
trainers: { min: ${trainers} }
`;
}

/** Writes the specification of a tiny job into `folder` and gives its path. */
export function writeTinyJob(folder: string, options: TinyJobOptions = {}): string {
  const file = join(folder, `${options.name ?? 'tiny'}-${options.seed ?? 3}-${options.steps ?? 6}.yaml`);
  writeFileSync(file, tinyJobYaml(options));
  return file;
}
