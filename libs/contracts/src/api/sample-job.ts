import { z } from 'zod';
import { sha256 } from '../manifests.js';
import { samplerNames } from '../sampler-names.js';
import { slug, step } from './fields.js';
import { maxSampleImages } from './routes.js';

const modelReference = z.string().min(1).max(160);

/** Schema of `SampleRequest`. */
export const sampleRequestSchema = z
  .strictObject({
    /** The newest checkpoint of this run, or the one at `step`. */
    run: slug.optional(),
    step: step.optional(),
    /** Digest of a checkpoint's manifest. */
    checkpoint: sha256.optional(),
    /** NAME, NAME:VERSION, NAME@ALIAS or NAME@sha256:DIGEST. */
    model: modelReference.optional(),
    /** The class of each image; as many images. Any number for a model without classes. */
    labels: z.array(z.int().min(0).max(65_535)).min(1).max(maxSampleImages),
    /** s of classifier-free guidance: 1 is the plain conditional model. A model without classes has none. @default 1; 0 with a classifier */
    guidanceScale: z.number().min(0).max(1000).optional(),
    /** A noisy classifier that guides to the labels, by reference as `model`. */
    classifier: modelReference.optional(),
    /** γ: how often the classifier's gradient counts. @default 1 */
    classifierScale: z.number().min(0).max(1000).optional(),
    sampler: z.enum(samplerNames),
    steps: z.int().min(1).max(1000),
    /** Noise of image i follows from the seed and i. */
    seed: z.int().min(0).max(Number.MAX_SAFE_INTEGER),
  })
  .refine((request) => [request.run, request.checkpoint, request.model].filter((source) => source !== undefined).length === 1, 'give one of run, checkpoint and model')
  .refine((request) => request.step === undefined || request.run !== undefined, { path: ['step'], message: 'is of a run: give run too' })
  .refine((request) => request.classifierScale === undefined || request.classifier !== undefined, { path: ['classifierScale'], message: 'needs a classifier' })
  .meta({ id: 'SampleRequest' });
/** What to draw, with which model, how. */
export type SampleRequest = z.infer<typeof sampleRequestSchema>;

/** Schema of `SampleJob`. */
export const sampleJobSchema = z
  .object({
    id: z.string(),
    state: z.enum(['queued', 'running', 'done', 'failed']),
    /** 0 to 1. */
    progress: z.number().min(0).max(1),
    /** Why it failed, and what to do. */
    error: z.string().optional(),
  })
  .meta({ id: 'SampleJob' });
/** Where a request for samples stands; its picture is there when it is `done`. */
export type SampleJob = z.infer<typeof sampleJobSchema>;
