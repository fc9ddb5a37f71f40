import { z } from 'zod';
import { sha256 } from '../manifests.js';
import { step } from './fields.js';

/** Schema of `DrawingPicture`. */
export const drawingPictureSchema = z
  .object({
    step,
    /** 0 to 1; 0 while it waits for others. */
    progress: z.number().min(0).max(1),
  })
  .meta({ id: 'DrawingPicture' });
/** The picture of a checkpoint that is being drawn, or waits to be. */
export type DrawingPicture = z.infer<typeof drawingPictureSchema>;

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
    /** The checkpoints whose picture is still to come, ascending. */
    drawing: z.array(drawingPictureSchema),
    /** Whether this coordinator draws a picture of every checkpoint. */
    drawsCheckpoints: z.boolean(),
  })
  .meta({ id: 'SampleMatrix' });

/** What the pictures of a run show: the same labels and noise at every checkpoint. */
export type SampleMatrix = z.infer<typeof sampleMatrixSchema>;
