import { z } from 'zod';
import { formatCount, formatValue } from '../../format/numbers.js';

/** The part of a resolved spec that the facts are made of. */
const specSchema = z.object({
  name: z.string(),
  dataset: z.object({ name: z.string(), split: z.string() }),
  model: z.object({ type: z.string(), sample_size: z.number() }),
  training: z.object({ steps: z.number(), virtualWorkers: z.number(), microBatch: z.number(), learningRate: z.number() }),
  checkpoints: z.object({ everySteps: z.number() }),
});

/** One thing that is good to know before a job begins. */
export interface JobFact {
  readonly name: string;
  readonly value: string;
}

/** What a job will do, in a few figures; nothing for a spec that is not of this shape. */
export function jobFacts(spec: unknown): JobFact[] {
  const parsed = specSchema.safeParse(spec);
  if (!parsed.success) return [];
  const { name, dataset, model, training, checkpoints } = parsed.data;
  const batch = training.virtualWorkers * training.microBatch;
  return [
    { name: 'Run', value: name },
    { name: 'Trains', value: model.type === 'classifier2d' ? 'a noisy classifier' : 'a denoiser' },
    { name: 'Dataset', value: `${dataset.name}, ${dataset.split}` },
    { name: 'Image', value: `${model.sample_size} × ${model.sample_size}` },
    { name: 'Steps', value: formatCount(training.steps) },
    { name: 'Batch', value: `${formatCount(batch)} images (${training.virtualWorkers} virtual workers × ${training.microBatch})` },
    { name: 'Images in all', value: formatCount(batch * training.steps) },
    { name: 'Learning rate', value: formatValue(training.learningRate) },
    { name: 'Checkpoints', value: `${formatCount(Math.ceil(training.steps / checkpoints.everySteps))}, every ${formatCount(checkpoints.everySteps)} steps` },
  ];
}
