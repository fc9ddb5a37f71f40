/**
 * What the convolutions and matrix products of a network multiply: float32 numbers as they are (`fp32`), or rounded to bfloat16 first
 * (`bf16`). Sums are float32 in both.
 */
export type Precision = 'fp32' | 'bf16';
