import { isDenoiserJob, parseJobSpec, type CheckpointFile, type CheckpointManifest, type DenoiserJobSpec } from '@langevin/contracts';

/** A small valid job named `name`. */
export function exampleSpec(name: string): DenoiserJobSpec {
  const spec = parseJobSpec({
    name,
    dataset: { name: 'mnist-digits' },
    model: {
      sample_size: 28,
      block_out_channels: [8, 16],
      down_block_types: ['DownBlock2D', 'AttnDownBlock2D'],
      up_block_types: ['AttnUpBlock2D', 'UpBlock2D'],
    },
    training: { steps: 100 },
    checkpoints: { everySteps: 10 },
  });
  if (!isDenoiserJob(spec)) throw new Error('the example is a denoiser');
  return spec;
}

/** A manifest without its files. */
export function checkpointFacts(run: string, step: number): Omit<CheckpointManifest, 'files'> {
  return {
    schemaVersion: 1,
    kind: 'checkpoint',
    run,
    step,
    samplesSeen: step * 64,
    loss: 0.5,
    spec: exampleSpec(run),
    guidanceRole: 'denoiser',
    metrics: {},
    scheduleDigest: 'a'.repeat(64),
    datasetDigest: 'b'.repeat(64),
    numericsClass: { tensorflow: '2.21.0' },
  };
}

/** Three files whose bytes follow from the step. */
export function checkpointContents(step: number, bytes = 3000): { path: string; role: CheckpointFile['role']; content: Uint8Array }[] {
  return (['weights', 'ema', 'optimizer'] as const).map((role) => ({
    path: `${role}.safetensors`,
    role,
    content: Buffer.alloc(bytes, `${role} after step ${step}; `),
  }));
}
