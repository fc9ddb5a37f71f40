import { z } from 'zod';
import { sha256 } from '../manifests.js';
import { step } from './fields.js';

/** Schema of `SampleMatrix`. */
export const sampleMatrixSchema = z
  .object({
    /** The class of each row; empty without samples, and for a model without classes, which has one row. */
    labels: z.array(z.int().min(0)),
    /** How many images a row has: each column has a seed of its own, the same at every step. */
    columns: z.int().min(0),
    /** Height, width, channels of one image. */
    imageShape: z.tuple([z.int(), z.int(), z.int()]),
    guidanceScale: z.number(),
    /** The checkpoints whose picture is there, ascending. `digest` is the checkpoint's. */
    steps: z.array(z.object({ step, digest: sha256 })),
  })
  .meta({ id: 'SampleMatrix' });

/** What the pictures of a run show: the same labels and noise at every checkpoint. */
export type SampleMatrix = z.infer<typeof sampleMatrixSchema>;
