import { runPhases } from '../format/run-phases.js';
import { flag, numberIn, oneOf, pair, readFields, text, texts, wholeNumber } from './search-field.js';

/** On every page: `draw` opens the dialog that draws samples, from `run:NAME`, `run:NAME:STEP`, `checkpoint:DIGEST` or `model:REFERENCE`. */
export const rootSearch = readFields({ draw: text });

/** The table of runs. */
export const runsSearch = readFields({
  q: text,
  phase: oneOf(...runPhases),
  sort: oneOf('name', '-name', 'updatedAt', '-updatedAt', 'step', '-step', 'loss', '-loss', 'imagesPerSecond', '-imagesPerSecond'),
  picked: texts,
});

const curves = {
  x: oneOf('step', 'time'),
  smooth: numberIn(0, 0.999),
  /** Left out: logarithmic where values span decades. */
  log: flag,
  from: wholeNumber,
  to: wholeNumber,
};

/** Curves of one run. */
export const curvesSearch = readFields(curves);

/** Several runs on one chart. */
export const compareSearch = readFields({ ...curves, runs: texts, key: oneOf('loss', 'gradientNorm', 'learningRate', 'imagesPerSecond') });

/** The samples of a run. */
export const samplesSearch = readFields({
  /** Left out: the newest, and every newer one as it comes. */
  step: wholeNumber,
  /** A second step to compare with. */
  with: wholeNumber,
  /** `steps`: one noise over several checkpoints. Left out: every noise at one checkpoint. */
  view: oneOf('steps'),
  /** Which noise `steps` shows. */
  column: wholeNumber,
  /** The image that is enlarged: row and column. */
  cell: pair,
});

/** A new job. */
export const submitSearch = readFields({ recipe: text });
