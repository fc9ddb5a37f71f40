import { join } from 'node:path';
import { parseJobSpec, parseYaml, type JobSpec } from '@langevin/contracts';
import { DirectoryStore, openRun, publishCheckpoint } from '@langevin/registry';
import { tinyJobYaml } from './tiny-job.js';

const classifier = { type: 'classifier2d', sample_size: 28, block_out_channels: [8, 8], down_block_types: ['DownBlock2D', 'AttnDownBlock2D'], norm_num_groups: 4, attention_head_dim: 8, num_classes: 10 };

/** The job of a run as its name says: `…-classifier…` is one of a noisy classifier, `…-linear` has another noise schedule. */
function jobOf(run: string): JobSpec {
  const { training, model, ...rest } = parseYaml(tinyJobYaml({ name: run })) as Record<string, Record<string, unknown>>; // Our own text.
  const { labelDropout: _none, ...labelled } = training ?? {};
  const process = run.endsWith('-linear') ? { beta_schedule: 'linear' } : {};
  return parseJobSpec(run.includes('classifier') ? { ...rest, process, training: labelled, model: classifier } : { ...rest, process, training, model });
}

/** Commits checkpoints of a run, with bytes that only look like weights, into the store of a data folder. Gives their digests. */
export async function commitCheckpoints(dataDir: string, run: string, ...steps: readonly number[]): Promise<string[]> {
  const store = await DirectoryStore.open(join(dataDir, 'store'));
  const spec = jobOf(run);
  await openRun(store, spec, 'b'.repeat(64));
  const digests: string[] = [];
  for (const step of steps) {
    const facts = {
      schemaVersion: 1,
      kind: 'checkpoint',
      run,
      step,
      samplesSeen: step * 16,
      loss: 0.25,
      spec: { ...spec },
      guidanceRole: run.includes('classifier') ? 'noisy-classifier' : 'denoiser',
      metrics: run.includes('classifier') ? { 'accuracy@0': 0.984 } : {},
      scheduleDigest: (run.endsWith('-linear') ? 'c' : 'a').repeat(64),
      datasetDigest: 'b'.repeat(64),
      numericsClass: {},
    } as const;
    const contents = (['weights', 'ema', 'optimizer'] as const).map((role) => ({ path: `${role}.safetensors`, role, content: Buffer.alloc(5000, `${role} of ${run} at ${step}; `) }));
    digests.push((await publishCheckpoint(store, facts, contents)).digest);
  }
  return digests;
}
