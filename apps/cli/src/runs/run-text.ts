import type { IndexedCheckpoint } from '@langevin/registry-index';
import { formatBytes } from '../byte-text.js';
import { table } from '../output.js';
import { flattenSpec, valueText } from './flat-spec.js';
import type { RunLineage } from './run-lineage.js';
import { specFacts, type StoredRun, type StoredRunDetail } from './stored-run.js';

/** Runs as a table. */
export function runTable(runs: readonly StoredRun[]): string {
  const rows = runs.map(({ name, phase, step, totalSteps, loss, checkpoints, createdAt }) => [
    name,
    phase ?? '–',
    `${step}/${totalSteps}`,
    numberText(loss),
    String(checkpoints),
    minute(createdAt),
  ]);
  return table(['NAME', 'PHASE', 'STEP', 'LOSS', 'CHECKPOINTS', 'CREATED'], rows);
}

/** A run: what it is, how it went, its checkpoints and what came of them. */
export function describeRun(run: StoredRunDetail, checkpoints: readonly IndexedCheckpoint[], lineage: RunLineage): string {
  const end = run.phase ?? 'trains, or was interrupted (`langevin job ls` tells)';
  const lines = [`${run.name}: a ${run.guidanceRole}, ${end}`, ...facts(run, lineage).map(([what, value]) => `  ${what.padEnd(13)}  ${value}`)];
  const parts = [lines.join('\n')];
  if (checkpoints.length > 0) parts.push(checkpointTable(checkpoints, lineage));
  return parts.join('\n\n');
}

function facts(run: StoredRunDetail, { parent, forks }: RunLineage): [string, string][] {
  const { lastPoint, newest, attempts, spec, createdAt, updatedAt, loss, step, totalSteps } = run;
  const flat = flattenSpec(spec);
  const found: [string, string][] = [
    ['step', `${step} of ${totalSteps}`],
    ['loss', numberText(loss)],
    ['created', minute(createdAt)],
    ['last step', minute(updatedAt)],
    ['dataset', valueText(flat.get('dataset.name'))],
    ['training', specFacts(flat)],
    ['model', `${valueText(flat.get('model.type') ?? 'unet2d')}, ${valueText(flat.get('model.sample_size'))} pixels, channels ${valueText(flat.get('model.block_out_channels'))}`],
  ];
  if (lastPoint) found.push(['gradient norm', numberText(lastPoint.gradientNorm)], ['learning rate', numberText(lastPoint.learningRate)], ['images/s', lastPoint.imagesPerSecond.toFixed(1)]);
  if (attempts.length > 1) found.push(['attempts', `${attempts.length}, the last from step ${attempts.at(-1)?.fromStep ?? 0}`]);
  if (parent) found.push(['began at', parent.run === null ? `checkpoint sha256:${parent.digest}, which this store does not have` : `${parent.run}:${parent.step}`]);
  if (forks.length > 0) found.push(['forks', forks.map((fork) => `${fork.run} (from ${fork.step})`).join(', ')]);
  const weights = newest?.files.find(({ role }) => role === 'weights');
  if (weights) found.push(['weights', `sha256 ${weights.digest}`]);
  return found;
}

function checkpointTable(checkpoints: readonly IndexedCheckpoint[], { models }: RunLineage): string {
  const rows = checkpoints.map(({ step, loss, samplesSeen, bytes, digest }) => [
    String(step),
    numberText(loss),
    String(samplesSeen),
    formatBytes(bytes),
    digest.slice(0, 12),
    models.filter((model) => model.step === step).map(({ name, version, aliases }) => `${name}:${version}${aliases.map((alias) => ` @${alias}`).join('')}`).join(', ') || '–',
  ]);
  return table(['STEP', 'LOSS', 'SAMPLES', 'SIZE', 'DIGEST', 'MODELS'], rows);
}

/** Four significant digits; a dash for none. */
export function numberText(value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : String(Number(value.toPrecision(4)));
}

/** "2026-01-31 17:05", in UTC. */
function minute(time: string | null): string {
  return time === null ? '–' : time.slice(0, 16).replace('T', ' ');
}
