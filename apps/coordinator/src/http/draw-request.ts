import { LangevinError } from '@langevin/contracts';
import type { SampleRequest } from '@langevin/contracts/api';
import { resolveModel, type PublishedCheckpoint } from '@langevin/registry';
import { checkpointByDigest } from './checkpoint-queries.js';
import type { HttpContext } from './http-context.js';
import type { DrawRequest, SamplerModel } from './sampler-process.js';

/** Images in a row of a picture that people asked for. */
const rowLength = 8;

/**
 * What the sampler must know of a request: references become checkpoints here, so that what is drawn is what the names meant when
 * it was asked for.
 * @throws LangevinError `run_unknown`, `checkpoint_missing`, `model_unknown`, `alias_unknown`; `invalid_argument` for the wrong kind of model
 */
export async function drawRequest(context: HttpContext, request: SampleRequest): Promise<DrawRequest> {
  const { labels, guidanceScale, sampler, steps, seed, classifierScale } = request;
  const denoiser = await denoiserOf(context, request);
  const classifier = request.classifier === undefined ? undefined : await ofModel(context, request.classifier);
  refuseRole(denoiser, 'denoiser');
  if (classifier) refuseRole(classifier, 'noisy-classifier');
  const { num_class_embeds: classes } = denoiser.manifest.spec['model'] as { num_class_embeds?: number }; // A manifest's spec is one that was parsed.
  return {
    id: context.newId(),
    denoiser: place(denoiser),
    ...(classifier && { classifier: place(classifier), ...(classifierScale !== undefined && { classifierScale }) }),
    labels: classes === undefined && !classifier ? null : labels,
    count: labels.length,
    sharedNoise: false,
    columns: Math.min(rowLength, labels.length),
    gap: 2,
    // As with labels: what a model without classes is asked is any number.
    ...(classes !== undefined && guidanceScale !== undefined && { guidanceScale }),
    sampler,
    steps,
    seed,
  };
}

async function denoiserOf(context: HttpContext, { run, step, checkpoint, model }: SampleRequest): Promise<PublishedCheckpoint> {
  if (checkpoint !== undefined) return checkpointByDigest(context, checkpoint);
  if (model !== undefined) return ofModel(context, model);
  if (run === undefined) throw new LangevinError('invalid_argument', 'body: give one of run, checkpoint and model');
  const stored = await context.catalog.run(run);
  const found = step === undefined ? await context.catalog.newest(stored) : await context.catalog.checkpoint(run, step);
  if (found) return found;
  throw new LangevinError('checkpoint_missing', `run "${run}" has no checkpoint yet`);
}

async function ofModel(context: HttpContext, reference: string): Promise<PublishedCheckpoint> {
  return checkpointByDigest(context, (await resolveModel(context.coordinator.store, reference)).checkpoint);
}

function place({ manifest: { run, step } }: PublishedCheckpoint): SamplerModel {
  return { run, step };
}

function refuseRole({ manifest }: PublishedCheckpoint, wanted: 'denoiser' | 'noisy-classifier'): void {
  if (manifest.guidanceRole === wanted) return;
  throw new LangevinError('invalid_argument', `run "${manifest.run}" is a ${manifest.guidanceRole}, and a ${wanted} is needed here`);
}
