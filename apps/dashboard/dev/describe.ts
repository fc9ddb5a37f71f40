import type { CheckpointInfo, ModelSummary, NodeInfo, RunDetail, RunSummary } from '@langevin/contracts/api';
import type { MetricPoint, ModelDetail } from '@langevin/contracts/api';
import { digestOf } from './digest.js';
import { checkpointDigest, scheduleOf } from './world.js';
import type { World, WorldRun } from './world.js';

const isActive = ({ phase }: WorldRun) => phase === 'running' || phase === 'starting' || phase === 'queued';

/** A run as lists show it. */
export function summaryOf(run: WorldRun): RunSummary {
  const row = run.step - 1;
  return {
    name: run.name,
    phase: run.phase,
    reason: run.reason,
    step: run.step,
    totalSteps: run.totalSteps,
    loss: run.columns.loss[row] ?? null,
    imagesPerSecond: run.phase === 'running' ? (run.columns.imagesPerSecond[row] ?? 0) : 0,
    trainers: isActive(run) ? ['node-1', 'node-2', 'node-3'] : [],
    stall: run.stall ?? null,
    checkpoints: run.checkpointSteps.length,
    lastCheckpointStep: run.checkpointSteps.at(-1) ?? null,
    guidanceRole: run.guidanceRole,
    dataset: run.name.startsWith('digits') ? 'mnist-digits' : run.name.split('-')[0] ?? 'mnist-digits',
    updatedAt: row < 0 ? null : new Date(run.columns.time[row] ?? run.startMs).toISOString(),
  };
}

/** A run as its page shows it. */
export function detailOf(run: WorldRun): RunDetail {
  const newest = run.checkpointSteps.at(-1);
  return {
    ...summaryOf(run),
    spec: {
      name: run.name,
      seed: 1,
      dataset: { name: 'mnist-digits', split: 'train' },
      model: {
        type: run.guidanceRole === 'denoiser' ? 'unet2d' : 'classifier2d',
        sample_size: 28,
        block_out_channels: [32, 64, 64],
        down_block_types: ['DownBlock2D', 'DownBlock2D', 'AttnDownBlock2D'],
        norm_num_groups: 8,
      },
      process: { num_train_timesteps: 1000, beta_schedule: 'squaredcos_cap_v2', prediction_type: 'v_prediction' },
      training: { steps: run.totalSteps, virtualWorkers: 8, microBatch: 8, learningRate: run.learningRate, clipNorm: 1, ema: { maxDecay: 0.999, inverseGamma: 1, power: 0.75 } },
      checkpoints: { everySteps: run.everySteps },
    },
    attempts: [{ attempt: 1, startedAt: new Date(run.startMs).toISOString(), fromStep: 0 }],
    weightsSha256: newest === undefined ? null : digestOf(`weights of ${run.name}@${newest}`),
    numericsClass: { runtime: 'tensorflow 2.21.0', cpu: 'AMD EPYC 7763 64-Core Processor', isa: 'avx2', threads: '1', canary: digestOf('canary').slice(0, 16) },
  };
}

/** A checkpoint, with the versions that it is. */
export function checkpointOf(world: World, run: WorldRun, step: number): CheckpointInfo {
  const digest = checkpointDigest(run.name, step);
  const file = (path: string, role: 'weights' | 'ema' | 'optimizer', size: number) => ({ path, role, digest: digestOf(`${path} of ${digest}`), size });
  const files = [file('model.safetensors', 'weights', 2_524_312), file('ema.safetensors', 'ema', 2_524_312), file('optimizer.safetensors', 'optimizer', 5_048_216)];
  const versions = [...world.models.values()].flatMap(({ name, versions: all, aliases }) =>
    all
      .filter(({ checkpoint }) => checkpoint === digest)
      .map(({ version }) => ({ model: name, version, aliases: aliases.filter((alias) => alias.version === version).map(({ alias }) => alias) })),
  );
  return {
    digest,
    run: run.name,
    step,
    loss: run.columns.loss[step - 1] ?? null,
    samplesSeen: step * 64,
    bytes: files.reduce((sum, { size }) => sum + size, 0),
    guidanceRole: run.guidanceRole,
    scheduleDigest: scheduleOf(run),
    files,
    versions,
  };
}

/** A model as lists show it. */
export function modelSummaryOf({ name, versions, aliases }: ModelDetail): ModelSummary {
  const newest = versions[0];
  if (!newest) throw new Error(`model "${name}" has no version`);
  return {
    name,
    versions: versions.length,
    latest: newest.version,
    aliases: Object.fromEntries(aliases.map(({ alias, version }) => [alias, version])),
    guidanceRole: newest.guidanceRole,
    scheduleDigest: newest.scheduleDigest,
  };
}

/** What a step recorded. */
export function pointOf({ columns }: WorldRun, row: number): MetricPoint {
  return {
    step: columns.step[row] ?? 0,
    time: new Date(columns.time[row] ?? 0).toISOString(),
    loss: columns.loss[row] ?? 0,
    learningRate: columns.learningRate[row] ?? 0,
    gradientNorm: columns.gradientNorm[row] ?? 0,
    imagesPerSecond: columns.imagesPerSecond[row] ?? 0,
  };
}

/**
 * The trainers: three at work, one of them slow, one that comes to them, and one that waits for a job.
 * @param draining names of those that are about to leave
 */
export function nodesOf(job: string | null, tick: number, draining: ReadonlySet<string> = new Set()): NodeInfo[] {
  const wobble = (i: number) => 1 + 0.05 * Math.sin(tick * 1.3 + i * 2);
  const node = (i: number, compute: number, virtualWorkers: number, joins = false): NodeInfo => {
    const name = `node-${i}`;
    const busy = job !== null && virtualWorkers > 0;
    const comes = joins && job !== null;
    return {
      id: digestOf(`node ${i}`).slice(0, 12),
      name,
      address: `10.0.0.1${i}:7440`,
      state: draining.has(name) ? 'draining' : busy ? (i === 1 ? 'waiting' : 'computing') : comes ? 'joining' : 'idle',
      waitsFor: busy && i === 1 ? ['node-3'] : [],
      backend: 'tensorflow',
      cpuModel: i === 3 ? 'Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz' : 'AMD EPYC 7763 64-Core Processor',
      threads: 4,
      memoryBytes: 812_000_000 + i * 31_000_000,
      virtualWorkers: busy ? virtualWorkers : 0,
      leavesLeft: busy && i > 1 ? 1 : 0,
      job: busy || comes ? job : null,
      lastSeenMs: 40 + i * 20,
      stepMs: busy ? { compute: compute * wobble(i), wait: Math.max(2, 310 - compute * wobble(i)), exchange: 24 * wobble(i + 1) } : null,
    };
  };
  return [node(1, 196, 3), node(2, 214, 3), node(3, 298, 2), node(4, 0, 0, true), node(5, 0, 0)];
}
