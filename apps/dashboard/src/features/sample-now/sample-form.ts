import { maxSampleImages } from '@langevin/contracts/api/routes';
import type { SampleRequest } from '@langevin/contracts/api';
import { parseLabels } from './parse-labels.js';
import type { SampleSource } from './sample-source.js';

/** The form as it is typed. */
export interface SampleForm {
  readonly labels: string;
  readonly each: number;
  readonly guidanceScale: number;
  /** Name of a classifier, empty for none. */
  readonly classifier: string;
  readonly classifierScale: number;
  readonly sampler: SampleRequest['sampler'];
  readonly steps: number;
  readonly seed: number;
}

/** A good beginning: every digit, four times, in a few seconds. */
export const defaultForm: SampleForm = { labels: '0-9', each: 4, guidanceScale: 3, classifier: '', classifierScale: 1, sampler: 'ddim', steps: 40, seed: 1 };

/** The request that a form stands for, or what is wrong with its labels. */
export function toRequest(form: SampleForm, source: SampleSource): SampleRequest | { readonly problem: string } {
  const parsed = parseLabels(form.labels, form.each, maxSampleImages);
  if ('problem' in parsed) return parsed;
  return {
    ...source.request,
    labels: [...parsed.labels],
    guidanceScale: form.guidanceScale,
    ...(form.classifier !== '' && { classifier: form.classifier, classifierScale: form.classifierScale }),
    sampler: form.sampler,
    steps: form.steps,
    seed: form.seed,
  };
}
