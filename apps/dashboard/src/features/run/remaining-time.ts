import type { RunDetail } from '@langevin/contracts/api';
import { z } from 'zod';

/** The part of a spec that says how many images a step has. */
const batchSchema = z.object({ training: z.object({ virtualWorkers: z.number(), microBatch: z.number() }) });

/** Milliseconds until the last step at the present speed; null while it does not run, or nobody knows the speed. */
export function remainingMs({ phase, step, totalSteps, imagesPerSecond, spec }: Pick<RunDetail, 'phase' | 'step' | 'totalSteps' | 'imagesPerSecond' | 'spec'>): number | null {
  const batch = batchSchema.safeParse(spec);
  if (phase !== 'running' || imagesPerSecond <= 0 || !batch.success) return null;
  const { virtualWorkers, microBatch } = batch.data.training;
  return (((totalSteps - step) * virtualWorkers * microBatch) / imagesPerSecond) * 1000;
}
