import type { SampleRequest } from '@langevin/contracts/api';

/** What is to be drawn from: the part of a request that names the weights, and its name for people. */
export interface SampleSource {
  readonly request: Pick<SampleRequest, 'run' | 'step' | 'checkpoint' | 'model'>;
  readonly title: string;
}

/**
 * Reads the `draw` of an address: `run:NAME`, `run:NAME:STEP`, `checkpoint:DIGEST` or `model:REFERENCE`.
 * @returns undefined for anything else
 */
export function parseSampleSource(text: string): SampleSource | undefined {
  const [, kind, rest] = /^(run|checkpoint|model):(.+)$/.exec(text) ?? [];
  if (rest === undefined) return undefined;
  if (kind === 'model') return { request: { model: rest }, title: rest };
  if (kind === 'checkpoint') return /^[0-9a-f]{64}$/.test(rest) ? { request: { checkpoint: rest }, title: `checkpoint ${rest.slice(0, 12)}` } : undefined;
  const [, run, step] = /^([^:]+)(?::(\d+))?$/.exec(rest) ?? [];
  if (run === undefined) return undefined;
  return step === undefined ? { request: { run }, title: run } : { request: { run, step: Number(step) }, title: `${run}, step ${step}` };
}
