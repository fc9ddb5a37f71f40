import type { DrawingPicture, ModelDetail, RunEvent, RunPhase, RunStall } from '@langevin/contracts/api';
import { makeColumns } from './curves.js';
import type { Columns } from './curves.js';
import { digestOf } from './digest.js';

/** How large the generated store is. */
export interface WorldSize {
  readonly runs: number;
  /** Steps of each run. */
  readonly steps: number;
  /** Checkpoints of each run when it is complete. */
  readonly checkpoints: number;
  /** Whether every run has all its steps. @default false */
  readonly isComplete?: boolean;
}

/** A generated run. */
export interface WorldRun {
  readonly name: string;
  phase: RunPhase;
  reason: string;
  /** Committed steps. */
  step: number;
  readonly totalSteps: number;
  readonly everySteps: number;
  readonly guidanceRole: 'denoiser' | 'noisy-classifier';
  readonly learningRate: number;
  readonly startMs: number;
  /** Ascending. */
  readonly checkpointSteps: number[];
  /** The picture of the newest checkpoint, while it is being drawn. */
  drawing?: DrawingPicture;
  /** What holds it up. */
  stall?: RunStall;
  readonly events: RunEvent[];
  readonly columns: Columns;
}

/** Everything that the server tells. */
export interface World {
  readonly nowMs: number;
  readonly runs: Map<string, WorldRun>;
  readonly models: Map<string, ModelDetail>;
}

const phases: readonly RunPhase[] = ['running', 'succeeded', 'succeeded', 'failed', 'succeeded', 'cancelled', 'stopped'];
const reasons: Partial<Record<RunPhase, string>> = {
  failed: 'trainer "node-3" was lost at step 8,410: its process ended with signal SIGKILL; resume the run',
  cancelled: 'cancelled by the user',
  stopped: 'this coordinator does not train it: resume the run to go on',
};
const stems = ['digits-ddpm', 'digits-classifier', 'digits-wide', 'digits-cosine', 'digits-linear', 'letters', 'fashion'];

/** The schedule that all runs share, so that they guide each other; one of them has another. */
const commonSchedule = digestOf('squaredcos_cap_v2');

/** Digest of the noise schedule of a run. */
export function scheduleOf({ name }: Pick<WorldRun, 'name'>): string {
  return name.startsWith('digits-linear') ? digestOf('linear') : commonSchedule;
}

/** Digest of a run's checkpoint. */
export function checkpointDigest(run: string, step: number): string {
  return digestOf(`${run}@${step}`);
}

/** A store as it looks after months of work; one of its runs is training. */
export function makeWorld(size: WorldSize, nowMs: number): World {
  const runs = new Map<string, WorldRun>();
  for (let i = 0; i < size.runs; i += 1) {
    const run = makeRun(i, size, nowMs);
    runs.set(run.name, run);
  }
  return { nowMs, runs, models: makeModels([...runs.values()], nowMs) };
}

function makeRun(index: number, { steps, checkpoints, isComplete = false }: WorldSize, nowMs: number): WorldRun {
  const stem = stems[index % stems.length] ?? 'run';
  const round = Math.floor(index / stems.length);
  const name = round === 0 ? stem : `${stem}-${round + 1}`;
  const phase = isComplete ? 'succeeded' : index === 0 ? 'running' : (phases[1 + (index % (phases.length - 1))] ?? 'succeeded');
  const step = phase === 'succeeded' ? steps : Math.floor(steps * (index === 0 ? 0.6 : 0.42 + (index % 5) * 0.1));
  const everySteps = Math.max(1, Math.floor(steps / checkpoints));
  const startMs = nowMs - step * 352 - index * 7 * 3_600_000;
  const learningRate = 6e-4 / (1 + (index % 3));
  const checkpointSteps = Array.from({ length: Math.floor(step / everySteps) }, (_, i) => (i + 1) * everySteps);
  const columns = makeColumns({ run: name, points: steps, startMs, learningRate, warmup: Math.max(1, steps / 40) });
  const run: WorldRun = {
    name,
    phase,
    reason: reasons[phase] ?? '',
    step,
    totalSteps: steps,
    everySteps,
    guidanceRole: stem === 'digits-classifier' ? 'noisy-classifier' : 'denoiser',
    learningRate,
    startMs,
    checkpointSteps,
    events: [],
    columns,
  };
  noteEvents(run);
  return run;
}

/** What happened to a run so far. */
function noteEvents(run: WorldRun): void {
  const note = (kind: RunEvent['kind'], step: number, text: string) => {
    const time = new Date(run.columns.time[Math.max(0, step - 1)] ?? run.startMs).toISOString();
    run.events.push({ seq: run.events.length + 1, time, step, kind, text });
  };
  note('started', 0, 'started with 2 trainers');
  const lost = Math.floor(run.step * 0.37);
  for (const step of run.checkpointSteps) {
    if (step - run.everySteps < lost && step >= lost) {
      note('trainer-lost', lost, 'trainer node-2 is lost: its process ended with signal SIGKILL; its virtual workers moved to node-1');
      note('trainer-joined', lost + 120, 'trainer node-3 joined');
    }
    note('checkpoint', step, `checkpoint of step ${step} is in the store`);
  }
  if (run.phase === 'failed') note('failed', run.step, run.reason);
  if (run.phase === 'cancelled') note('cancelled', run.step, run.reason);
  if (run.phase === 'succeeded') note('succeeded', run.step, 'every step is done');
}

function makeModels(runs: readonly WorldRun[], nowMs: number): Map<string, ModelDetail> {
  const models = new Map<string, ModelDetail>();
  for (const run of runs.filter(({ phase }) => phase === 'succeeded' || phase === 'running').slice(0, 4)) {
    models.set(run.name, makeModel(run, nowMs));
  }
  return models;
}

function makeModel(run: WorldRun, nowMs: number): ModelDetail {
  const steps = run.checkpointSteps.slice(-3);
  const at = (daysAgo: number) => new Date(nowMs - daysAgo * 86_400_000).toISOString();
  const versions = steps.map((step, i) => ({
    version: i + 1,
    checkpoint: checkpointDigest(run.name, step),
    run: run.name,
    step,
    guidanceRole: run.guidanceRole,
    scheduleDigest: scheduleOf(run),
    metrics: run.guidanceRole === 'denoiser' ? {} : { accuracy: 0.9 + i * 0.02 },
    license: 'CC-BY-SA-3.0',
    ...(i === 2 && { note: 'Sharper strokes; the seven no longer turns into a one.' }),
    createdAt: at(6 - 2 * i),
    actor: 'ada',
    lineage: { datasetDigest: digestOf('mnist-digits'), specDigest: digestOf(`spec of ${run.name}`) },
  }));
  const last = versions.length;
  return {
    name: run.name,
    versions: versions.toReversed(),
    aliases: last < 2 ? [] : [{ alias: 'production', version: last - 1, generation: 2 }, { alias: 'staging', version: last, generation: 1 }],
    events:
      last < 2
        ? []
        : [
            { alias: 'staging', action: 'promote', from: null, to: last, actor: 'ada', reason: 'to be looked at', time: at(1) },
            { alias: 'production', action: 'promote', from: 1, to: last - 1, actor: 'grace', reason: 'better agreement at every guidance scale', time: at(3) },
            { alias: 'production', action: 'promote', from: null, to: 1, actor: 'ada', time: at(5) },
          ],
  };
}
