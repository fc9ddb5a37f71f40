/** The gradient of a step that this process holds whole, ready to apply. */
export interface HeldResult {
  readonly step: number;
  /** Of its vector in the arena: Σ gradient / Σ weight, clipped. Read it only, and only until the next step is committed. */
  readonly address: number;
  /** sha256 over the digests of its blocks before clipping, the loss and the weight: the same whoever reduced it and however it travelled. */
  readonly digest: string;
  /** Euclidean norm of the mean gradient before clipping. */
  readonly norm: number;
  /** False when an element or the loss is NaN or infinite: it must not be applied, and was not clipped. */
  readonly finite: boolean;
  /** Σ loss / Σ weight, float32. */
  readonly loss: number;
  /** Σ weight, float32. */
  readonly weightSum: number;
}
