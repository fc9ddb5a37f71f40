/**
 * Kernels that a backend of TensorFlow.js may have besides TensorFlow.js's own: several passes over memory as one. Who computes
 * asks for them by these names, and does without where the active backend has none.
 */
export const fusedKernels = {
  /**
   * Group normalisation of x + shift, and SiLU. Inputs `x` [B, H, W, C], `scale` and `offset` [C], `shift` [B, 1, 1, C] or a scalar
   * that stands for none. Outputs y, and mean and 1/√(variance + ε), each [B, groups].
   */
  groupNorm: 'LangevinGroupNorm',
  /** Its gradient. Inputs `dy`, those of the layer, and `mean` and `inverseDeviation`. Outputs dx, dscale, doffset, dshift. */
  groupNormGrad: 'LangevinGroupNormGrad',
  /**
   * 3×3 convolution, stride 1, one pixel of zeros around. Inputs `x` [B, H, W, C], `filter` [3, 3, C, O], `bias` [O] or a scalar that stands
   * for none; C and O are multiples of 8. Output y.
   */
  conv2d: 'LangevinConv2D',
  /** Its gradient with respect to x. Inputs `dy` and `filter`. */
  conv2dInputGrad: 'LangevinConv2DInputGrad',
  /** Its gradient with respect to the filter. Inputs `x` and `dy`. */
  conv2dFilterGrad: 'LangevinConv2DFilterGrad',
  /**
   * One update of AdamW and of the averaged weights. Inputs `params`, `m`, `v`, `ema`, `gradient`, vectors of one length, and the scalars
   * `stepSize`, `rootCorrection`, `shrink` and `decay`. Outputs the next params, m, v and ema.
   */
  adam: 'LangevinAdam',
  /** Every number of `x` rounded to the nearest bfloat16, ties to even, still float32. Output y. */
  toBfloat16: 'LangevinToBfloat16',
} as const;

/** Attributes of `groupNorm` and `groupNormGrad`. (No interface: TensorFlow.js takes what has an index signature.) */
export type GroupNormKernelAttributes = {
  readonly groups: number;
  /** Added to the variance. */
  readonly epsilon: number;
  /** Whether SiLU follows. */
  readonly activate: boolean;
};

/** Attributes of `conv2d` and its gradients. */
export type Conv2DKernelAttributes = {
  /** Whether each pixel of x stands for 2×2 of the image that is convolved: y then has twice the height and width. */
  readonly doubled: boolean;
  /** Whether what is multiplied, x, filter and dy, is rounded to bfloat16 as it is read. The bias is not. */
  readonly rounded: boolean;
};

/** Attributes of `adam`. */
export type AdamKernelAttributes = {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
};
