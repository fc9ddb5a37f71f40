import { z } from 'zod';

const factsSchema = z.object({
  training: z.object({ steps: z.int().min(0) }),
  dataset: z.object({ name: z.string() }),
  model: z.object({ type: z.string().default('unet2d') }),
});

/** What a list says of a run's specification. */
export interface RunFacts {
  readonly totalSteps: number;
  readonly dataset: string;
  readonly guidanceRole: 'denoiser' | 'noisy-classifier';
}

/** Read loosely: a specification of another version of Langevin is still listed. */
export function runFacts(spec: unknown): RunFacts {
  const facts = factsSchema.safeParse(spec).data;
  return {
    totalSteps: facts?.training.steps ?? 0,
    dataset: facts?.dataset.name ?? '',
    guidanceRole: facts?.model.type === 'classifier2d' ? 'noisy-classifier' : 'denoiser',
  };
}
