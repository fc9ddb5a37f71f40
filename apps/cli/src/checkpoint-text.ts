import type { CheckpointManifest, Metrics } from '@langevin/contracts';
import { formatBytes } from './byte-text.js';

/** A checkpoint in a few lines. */
export function describeCheckpoint(digest: string, manifest: CheckpointManifest): string {
  const { run, step, samplesSeen, loss, guidanceRole, metrics, files } = manifest;
  const lines = [
    `${run}:${step}, a ${guidanceRole}`,
    `  checkpoint  sha256:${digest}`,
    `  seen        ${samplesSeen} images`,
    `  loss        ${loss === null ? '–' : loss.toPrecision(4)}`,
    `  schedule    ${manifest.scheduleDigest}`,
    `  dataset     ${manifest.datasetDigest}`,
  ];
  if (Object.keys(metrics).length > 0) lines.push(`  metrics     ${metricsText(metrics)}`);
  return [...lines, ...files.map(({ path, digest: file, size }) => `  file        ${path}  ${formatBytes(size)}  sha256:${file}`)].join('\n');
}

/** "accuracy@0 0.984, accuracy@500 0.712". */
export function metricsText(metrics: Metrics): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name} ${Number(value.toPrecision(4))}`)
    .join(', ');
}
