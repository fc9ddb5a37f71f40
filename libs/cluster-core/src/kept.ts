import type { Job } from './job.js';

/** Whether a checkpoint of the step is in the store, or on its way: nobody has to be asked for that state any more. */
export function isKept({ request, checkpoint, storing }: Job, step: number): boolean {
  return step === request.startStep || checkpoint?.step === step || storing.includes(step);
}

/** The job without the copy that nobody can make any more: it does without that checkpoint. */
export function withoutCopy(job: Job): Job {
  return { ...job, copying: null, storing: job.storing.filter((step) => step !== job.copying?.step) };
}
