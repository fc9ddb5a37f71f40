import { LangevinError, parseJobSpecYaml, type JobSpec } from '@langevin/contracts';
import type { JobValidation } from '@langevin/contracts/api';
import { readDataset } from '@langevin/datasets';
import { openRun } from '@langevin/registry';
import { liveJob } from '../live-job.js';
import { refuseMisfit } from '../open-job.js';
import type { HttpContext } from './http-context.js';
import { specProblems } from './spec-problems.js';

type Problem = { readonly path: string; readonly reason: string };

/** Checks a job for people who write it: its specification, then whether its data and its name are free for it here. Nothing is begun. */
export async function validateJob(context: HttpContext, yaml: string): Promise<JobValidation> {
  let spec: JobSpec;
  try {
    spec = parseJobSpecYaml(yaml);
  } catch (thrown) {
    return { ok: false, problems: specProblems(thrown) };
  }
  const problems: Problem[] = [];
  const datasetDigest = await checkData(context, spec, problems);
  const continuesFrom = await checkName(context, spec, datasetDigest, problems);
  if (problems.length > 0) return { ok: false, problems };
  return { ok: true, spec: { ...spec }, ...(continuesFrom !== undefined && { continuesFrom }) };
}

/** @returns the digest of the dataset, if it is there */
async function checkData({ coordinator: { store } }: HttpContext, spec: JobSpec, problems: Problem[]): Promise<string | undefined> {
  try {
    const { manifest, digest } = await readDataset(store, spec.dataset.name);
    refuseMisfit(spec, manifest.imageShape, manifest.classes);
    return digest;
  } catch (thrown) {
    if (!isOneOf(thrown, 'dataset_missing', 'invalid_spec')) throw thrown;
    problems.push(thrown.code === 'dataset_missing' ? { path: 'dataset.name', reason: thrown.message } : { path: 'model', reason: thrown.message.replace(/^job spec: /, '') });
    return undefined;
  }
}

/** @returns the step of the checkpoint that it would go on from, if any */
async function checkName({ coordinator, catalog }: HttpContext, spec: JobSpec, datasetDigest: string | undefined, problems: Problem[]): Promise<number | undefined> {
  const { name, training } = spec;
  const refuse = (reason: string): undefined => void problems.push({ path: 'name', reason });
  const live = liveJob(coordinator.state(), name);
  if (live) return refuse(`a job "${name}" is ${live.status.phase} already: choose another name`);
  const stored = (await catalog.runs()).get(name);
  // Only a run that has its record is opened: this begins none.
  if (!stored || datasetDigest === undefined || (await catalog.record(name)) === null) return undefined;
  try {
    await openRun(coordinator.store, spec, datasetDigest);
  } catch (thrown) {
    if (!isOneOf(thrown, 'job_conflict')) throw thrown;
    return refuse(thrown.message);
  }
  const step = (await catalog.newest(stored))?.manifest.step;
  if (step === undefined || step < training.steps) return step;
  return refuse(`run "${name}" has all its ${training.steps} steps already: choose another name to train once more`);
}

function isOneOf(thrown: unknown, ...codes: readonly LangevinError['code'][]): thrown is LangevinError {
  return thrown instanceof LangevinError && codes.includes(thrown.code);
}
