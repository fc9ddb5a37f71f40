// node write-run.mjs FOLDER: a data folder with a run that was stopped, resumed and finished, and a model made from it.
import { join } from 'node:path';
import { parseJobSpec } from '@langevin/contracts';
import { MetricsLog } from '@langevin/metrics';
import { DirectoryStore, openRun, publishCheckpoint, registerModel } from '@langevin/registry';

const [folder] = process.argv.slice(2);
const store = await DirectoryStore.open(join(folder, 'store'));
const digest = 'a'.repeat(64);
const model = { sample_size: 4, block_out_channels: [2], down_block_types: ['DownBlock2D'], up_block_types: ['UpBlock2D'], attention_head_dim: 2, norm_num_groups: 1 };
const spec = parseJobSpec({ name: 'digits', dataset: { name: 'dots' }, model, training: { steps: 300 }, checkpoints: { everySteps: 100 } });
await openRun(store, spec, digest);
let ids = 0;
const newId = () => `interop-${(ids += 1)}`;
const time = (step) => new Date(Date.UTC(2026, 0, 1) + 1000 * step).toISOString();
const log = await MetricsLog.open({ store, folder: join(folder, 'metrics'), clock: () => 0, newId, onEvent: () => undefined, log: console.log });

/** Trains from one step to another, with a checkpoint after every hundredth. */
async function train(from, to) {
  log.begin('digits', { startedAt: time(from), fromStep: from });
  for (let step = from + 1; step <= to; step += 1) {
    log.record('digits', { step, time: time(step), loss: 1 / step, learningRate: 1e-3, gradientNorm: step % 7, imagesPerSecond: 64 });
    if (step % 100 === 0) await log.seal('digits');
  }
  await log.end('digits');
}
await train(0, 130);
await train(100, 300);
for (const step of [100, 200, 300]) {
  const facts = { schemaVersion: 1, kind: 'checkpoint', run: 'digits', step, samplesSeen: step * 64, loss: 1 / step, spec, guidanceRole: 'denoiser', metrics: {}, scheduleDigest: digest, datasetDigest: digest, numericsClass: {} };
  const files = ['weights', 'ema', 'optimizer'].map((role) => ({ path: `${role}.safetensors`, role, content: Buffer.from(`${role} ${step}`) }));
  const { digest: checkpoint } = await publishCheckpoint(store, facts, files);
  await registerModel(store, { model: 'digits', checkpoint }, { actor: 'interop', now: Date.now, newId });
}
