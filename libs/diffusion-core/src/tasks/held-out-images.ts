/** Images that a model is not trained on, with the class of each. */
export interface HeldOutImages {
  /** [n, height, width, channels], flattened; values in [−1, 1]. */
  readonly images: Float32Array;
  /** [n], class indices. */
  readonly labels: Int32Array;
}
