import { metricKeySchema, runPhaseSchema } from '@langevin/contracts/api';
import { z } from 'zod';

/** What may stand behind the question mark of an address: what is wrong there is left out, never an error. */
const optional = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);
const wholeNumber = z.int().min(0);

/** On every page: `draw` opens the dialog that draws samples, from `run:NAME`, `run:NAME:STEP`, `checkpoint:DIGEST` or `model:REFERENCE`. */
export const rootSearch = z.object({ draw: optional(z.string()) });

/** The table of runs. */
export const runsSearch = z.object({
  q: optional(z.string()),
  phase: optional(runPhaseSchema),
  sort: optional(z.enum(['name', '-name', 'updatedAt', '-updatedAt', 'step', '-step', 'loss', '-loss', 'imagesPerSecond', '-imagesPerSecond'])),
  picked: optional(z.array(z.string())),
});

/** Curves, of one run or of several. */
export const curvesSearch = z.object({
  x: optional(z.enum(['step', 'time'])),
  smooth: optional(z.number().min(0).max(0.999)),
  /** Left out: logarithmic where values span decades. */
  log: optional(z.boolean()),
  from: optional(wholeNumber),
  to: optional(wholeNumber),
});

/** Several runs on one chart. */
export const compareSearch = curvesSearch.extend({ runs: optional(z.array(z.string())), key: optional(metricKeySchema) });

/** The samples of a run. */
export const samplesSearch = z.object({
  /** Left out: the newest, and every newer one as it comes. */
  step: optional(wholeNumber),
  /** A second step to compare with. */
  with: optional(wholeNumber),
  /** `steps`: one noise over several checkpoints. Left out: every noise at one checkpoint. */
  view: optional(z.enum(['steps'])),
  /** Which noise `steps` shows. */
  column: optional(wholeNumber),
  /** The image that is enlarged: row and column. */
  cell: optional(z.tuple([wholeNumber, wholeNumber])),
});

/** A new job. */
export const submitSearch = z.object({ recipe: optional(z.string()) });
