import { z } from 'zod';
import { slug, step } from './fields.js';

const yaml = z.string().min(1).max(200_000);

/** Schema of `Recipe`. */
export const recipeSchema = z.object({ name: z.string(), yaml: z.string() }).meta({ id: 'Recipe' });
/** A job specification to begin with. */
export type Recipe = z.infer<typeof recipeSchema>;

/** Schema of `ValidateJobRequest`. */
export const validateJobRequestSchema = z.strictObject({ yaml }).meta({ id: 'ValidateJobRequest' });
/** A job specification to check. */
export type ValidateJobRequest = z.infer<typeof validateJobRequestSchema>;

/** Schema of `JobValidation`. */
export const jobValidationSchema = z
  .discriminatedUnion('ok', [
    z.object({
      ok: z.literal(true),
      spec: z.record(z.string(), z.unknown()),
      /** The checkpoint of an earlier attempt that it would go on from; left out: it begins anew. */
      continuesFrom: step.optional(),
    }),
    z.object({ ok: z.literal(false), problems: z.array(z.object({ path: z.string(), reason: z.string() })) }),
  ])
  .meta({ id: 'JobValidation' });
/** The specification with every default, or what is wrong: with itself, with its data here, or with its name. The path is `training.steps`, or empty. */
export type JobValidation = z.infer<typeof jobValidationSchema>;

/** Schema of `SubmitJobRequest`. */
export const submitJobRequestSchema = z
  .union([z.strictObject({ yaml }), z.strictObject({ spec: z.record(z.string(), z.unknown()) })])
  .meta({ id: 'SubmitJobRequest' });
/** A job to train, in YAML or as JSON. */
export type SubmitJobRequest = z.infer<typeof submitJobRequestSchema>;

/** A step, or the sha256 of a manifest; left out: the newest checkpoint that verifies. */
const from = z.string().regex(/^(?:\d{1,12}|(?:sha256:)?[0-9a-f]{64})$/, 'must be a step, or the 64 digits of a sha256').optional();

/** Schema of `ResumeRunRequest`. */
export const resumeRunRequestSchema = z.strictObject({ from }).meta({ id: 'ResumeRunRequest' });
/** Which checkpoint a run goes on from. */
export type ResumeRunRequest = z.infer<typeof resumeRunRequestSchema>;

/** Schema of `ForkRunRequest`. */
export const forkRunRequestSchema = z
  .strictObject({
    /** Name of the new run. */
    name: slug,
    from,
    /** Changed values, `training.learningRate=3e-4` each. */
    set: z.array(z.string().min(1).max(1000)).max(100).optional(),
  })
  .meta({ id: 'ForkRunRequest' });
/** A new run that begins at a checkpoint of another one. */
export type ForkRunRequest = z.infer<typeof forkRunRequestSchema>;
