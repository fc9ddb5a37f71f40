import type { RunDetail } from '@langevin/contracts/api';

/** Milliseconds until the last step at the present speed; null while it does not run, or nobody knows the speed. */
export function remainingMs({ phase, step, totalSteps, imagesPerSecond, spec }: Pick<RunDetail, 'phase' | 'step' | 'totalSteps' | 'imagesPerSecond' | 'spec'>): number | null {
  const batch = imagesPerStep(spec);
  if (phase !== 'running' || imagesPerSecond <= 0 || batch === undefined) return null;
  return (((totalSteps - step) * batch) / imagesPerSecond) * 1000;
}

/** How many images a step of a job has; undefined where its spec does not say. */
function imagesPerStep({ training }: RunDetail['spec']): number | undefined {
  if (typeof training !== 'object' || training === null) return undefined;
  const { virtualWorkers, microBatch } = training as { readonly virtualWorkers?: unknown; readonly microBatch?: unknown }; // Each is looked at.
  return typeof virtualWorkers === 'number' && typeof microBatch === 'number' ? virtualWorkers * microBatch : undefined;
}
