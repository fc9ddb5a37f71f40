/**
 * What a random stream is for. The number is a word of the Philox counter, so it is part of every result: never
 * renumber, only append.
 */
export const Purpose = {
  /** Diffusion time of a training sample. */
  timestep: 1,
  /** Noise ε of a training sample. */
  noise: 2,
  /** Replacing the label by the null label (classifier-free guidance). */
  labelDropout: 3,
  /** Dropout inside the network. */
  dropout: 4,
  /** Data augmentation. */
  augmentation: 5,
  /** Initial weights. */
  initialWeights: 6,
  /** Order of the dataset. */
  permutation: 7,
  /** x_T of a sampler. */
  samplerStart: 8,
  /** Noise that a sampler adds on its way. */
  samplerNoise: 9,
  /** Noise ε of a held-out image at one noise level; the step is the time. */
  heldOutNoise: 10,
  /** Bits that a coder draws noise from before it has coded anything. */
  codeSeed: 11,
} as const;

/** Name of a purpose. */
export type PurposeName = keyof typeof Purpose;
