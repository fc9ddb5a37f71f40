import { jobView, type JobView } from '@langevin/cluster-core';
import { isClassifierJob, LangevinError } from '@langevin/contracts';
import type { RunDetail, RunStall, RunSummary } from '@langevin/contracts/api';
import type { PublishedCheckpoint } from '@langevin/registry';
import type { JobRecord } from '../job-record.js';
import { culprits } from './culprits.js';
import type { HttpContext } from './http-context.js';
import { sensesOf } from './node-queries.js';
import { runFacts } from './run-facts.js';
import type { StepWatch } from './step-watch.js';
import type { CataloguedRun } from './store-catalog.js';

/** Every run that the store or this coordinator knows, in no order. */
export async function allRuns(context: HttpContext): Promise<RunSummary[]> {
  const stored = await context.catalog.runs();
  const names = new Set([...stored.keys(), ...context.coordinator.book.ids()]);
  return Promise.all([...names].map((name) => summaryOf(context, name, stored.get(name))));
}

/** One run. @throws LangevinError `run_unknown` */
export async function runSummary(context: HttpContext, name: string): Promise<RunSummary> {
  return summaryOf(context, name, await findRun(context, name));
}

/** One run with everything. @throws LangevinError `run_unknown` */
export async function runDetail(context: HttpContext, name: string): Promise<RunDetail> {
  const { book, state } = context.coordinator;
  const stored = await findRun(context, name);
  const newest = stored ? await context.catalog.newest(stored) : null;
  const live = book.ids().includes(name) ? book.get(name) : null;
  const job = state().jobs.find(({ request }) => request.id === name);
  const recordSpec = newest || live ? undefined : specOf(await context.catalog.record(name));
  return {
    ...(await summaryOf(context, name, stored)),
    spec: { ...(live?.spec ?? newest?.manifest.spec ?? recordSpec) },
    attempts: [...(await context.metrics.attempts(name))],
    weightsSha256: newest?.manifest.files.find(({ role }) => role === 'weights')?.digest ?? null,
    numericsClass: job?.status.phase === 'running' ? { ...job.status.numericsClass } : (newest?.manifest.numericsClass ?? null),
  };
}

/** What the store has of a run; undefined when only this coordinator knows it yet. @throws LangevinError `run_unknown` */
export async function findRun(context: HttpContext, name: string): Promise<CataloguedRun | undefined> {
  if (!context.coordinator.book.ids().includes(name)) return context.catalog.run(name);
  return (await context.catalog.runs()).get(name);
}

async function summaryOf(context: HttpContext, name: string, stored: CataloguedRun | undefined): Promise<RunSummary> {
  const view = jobView(context.coordinator.state(), name);
  if (view) return liveSummary(context, view, context.coordinator.book.get(name), stored);
  if (!stored) throw new LangevinError('run_unknown', `there is no run "${name}"`);
  return storedSummary(context, stored);
}

/** A run that this coordinator has trained, trains or will train. */
function liveSummary({ coordinator, chronicle, watch }: HttpContext, view: JobView, record: JobRecord, stored?: CataloguedRun): RunSummary {
  const own = record.resumeFrom?.manifest.run === view.id ? record.resumeFrom.manifest : null;
  const job = coordinator.state().jobs.find(({ request }) => request.id === view.id);
  const last = job?.checkpoint?.step ?? own?.step ?? null;
  return {
    name: view.id,
    phase: view.phase,
    reason: view.reason,
    step: view.step,
    totalSteps: view.totalSteps,
    loss: view.loss ?? own?.loss ?? null,
    imagesPerSecond: view.phase === 'running' ? record.throughput.imagesPerSecond : 0,
    trainers: [...view.trainers],
    stall: stallOf(coordinator, watch, view.id),
    checkpoints: Math.max(record.earlierCheckpoints + view.checkpoints, stored?.steps.length ?? 0),
    lastCheckpointStep: last,
    guidanceRole: isClassifierJob(record.spec) ? 'noisy-classifier' : 'denoiser',
    dataset: record.spec.dataset.name,
    updatedAt: chronicle.updatedAt(view.id),
    ...(record.forkOf !== null && { forkOf: record.forkOf }),
  };
}

/** A message stays small, however many are to blame. */
const mostCulprits = 8;

function stallOf(coordinator: HttpContext['coordinator'], watch: StepWatch, run: string): RunStall | null {
  const stall = watch.stall(run);
  if (!stall) return null;
  const { what, step, since, usualMs } = stall;
  return { what, step, since: since.toISOString(), usualMs, waitsFor: culprits(coordinator.state(), run, sensesOf(coordinator)).slice(0, mostCulprits) };
}

/** A run that is in the store alone. */
async function storedSummary({ catalog, metrics }: HttpContext, run: CataloguedRun): Promise<RunSummary> {
  const newest = await catalog.newest(run);
  const record = newest ? null : await catalog.record(run.name);
  const spec = newest?.manifest.spec ?? specOf(record);
  const forkOf = newest ? newest.manifest.forkOf : forkOfRecord(record);
  const facts = runFacts(spec);
  const last = run.hasMetrics ? await metrics.lastPoint(run.name) : undefined;
  const step = newest?.manifest.step ?? 0;
  const hasSucceeded = newest !== null && facts.totalSteps > 0 && step >= facts.totalSteps;
  return {
    name: run.name,
    phase: hasSucceeded ? 'succeeded' : 'stopped',
    reason: hasSucceeded ? '' : stoppedReason(newest),
    step: Math.max(step, hasSucceeded ? step : (last?.step ?? 0)),
    totalSteps: facts.totalSteps,
    loss: last?.loss ?? newest?.manifest.loss ?? null,
    imagesPerSecond: 0,
    trainers: [],
    stall: null,
    checkpoints: run.steps.length,
    lastCheckpointStep: newest?.manifest.step ?? null,
    guidanceRole: newest?.manifest.guidanceRole ?? facts.guidanceRole,
    dataset: facts.dataset,
    updatedAt: last?.time ?? null,
    ...(forkOf !== undefined && { forkOf }),
  };
}

function stoppedReason(newest: PublishedCheckpoint | null): string {
  return newest ? `not training now; resume it from step ${newest.manifest.step}` : 'not training now, and without a checkpoint: submit the job again';
}

function forkOfRecord(record: unknown): string | undefined {
  const forkOf: unknown = typeof record === 'object' && record !== null && 'forkOf' in record ? record.forkOf : undefined;
  return typeof forkOf === 'string' ? forkOf : undefined;
}

function specOf(record: unknown): Readonly<Record<string, unknown>> {
  const spec: unknown = typeof record === 'object' && record !== null && 'spec' in record ? record.spec : null;
  return typeof spec === 'object' && spec !== null ? { ...spec } : {};
}
