import { LangevinError } from '@langevin/contracts';
import type { GaussianProcess } from '../processes/gaussian-process.js';
import { levelLogProbabilities } from './level-probabilities.js';
import { distanceOfLevels, levelOf } from './levels.js';
import { logNormalInterval } from './normal-interval.js';

/** How data are said to come of x at the first noise level and of what a denoiser says of it: the law whose −ln is L₀. */
export type Decoder =
  /**
   * A normal law around x̂₀ whose mass between the middles of neighbouring levels is the probability of a level; the first and the last level have all
   * beyond (Ho et al. 2020, eq. 13).
   */
  | { readonly kind: 'discretized'; readonly deviation: number; readonly levels: number }
  /**
   * p(level) ∝ π(level)·q(x_t | level): the noisy value decides by Bayes' rule, without the denoiser. With equal π it is the decoder of Kingma et al.
   * (2021), §3.3, eq. 13; with the frequencies of the levels in training data what is common costs less (`levelPrior`).
   */
  | {
      readonly kind: 'bayes';
      readonly levels: number;
      /** π, one number above 0 for each level; divided by their sum. @default all equal */
      readonly prior?: ArrayLike<number>;
    }
  /** The density of a normal law around x̂₀: for data that are no levels. L₀ is not a probability then, and the bound one of a density. */
  | { readonly kind: 'density'; readonly deviation: number };

/** What a decoder looks at, one array an image or batch, all of one length. */
export interface DecoderInputs {
  /** Clean data. */
  readonly x0: ArrayLike<number>;
  /** Data at the first noise level. */
  readonly x: ArrayLike<number>;
  /** What the denoiser says of them. */
  readonly estimate: ArrayLike<number>;
}

/** −ln p(x₀ | x_t) of each element in nats, at the time of the first noise level. */
export type ElementNats = (inputs: DecoderInputs, index: number) => number;

/**
 * The law of a decoder as a function of elements.
 * @param t time of the first noise level
 * @throws LangevinError `invalid_argument` for a deviation that is not positive, fewer than two levels, or a π that fits them not
 */
export function decoderNats(decoder: Decoder, process: GaussianProcess, t: number): ElementNats {
  if (decoder.kind !== 'bayes' && !(decoder.deviation > 0)) throw new LangevinError('invalid_argument', `a decoder needs a deviation above 0, got ${decoder.deviation}`);
  switch (decoder.kind) {
    case 'density':
      return ({ x0, estimate }, i) => ((x0[i]! - estimate[i]!) / decoder.deviation) ** 2 / 2 + Math.log(2 * Math.PI * decoder.deviation ** 2) / 2;
    case 'discretized':
      return discretized(decoder.deviation, decoder.levels);
    case 'bayes': {
      const logProbabilities = levelLogProbabilities({ alpha: process.alpha(t), sigma: process.sigma(t) }, decoder.levels, decoder.prior);
      return ({ x0, x }, i) => -logProbabilities(x[i]!)[levelOf(x0[i]!, decoder.levels)]!;
    }
  }
}

function discretized(deviation: number, levels: number): ElementNats {
  const half = distanceOfLevels(levels) / 2;
  return ({ x0, estimate }, i) => {
    const [level, offset] = [levelOf(x0[i]!, levels), x0[i]! - estimate[i]!];
    const below = level === 0 ? Number.NEGATIVE_INFINITY : (offset - half) / deviation;
    const above = level === levels - 1 ? Number.POSITIVE_INFINITY : (offset + half) / deviation;
    return -logNormalInterval(below, above);
  };
}
