/** Σ over the elements of each sample, in float64. */
export function sumOfEach(samples: number, elements: number, value: (index: number, sample: number) => number): Float64Array {
  return Float64Array.from({ length: samples }, (_, sample) => {
    let sum = 0;
    for (let i = sample * elements; i < (sample + 1) * elements; i++) sum += value(i, sample);
    return sum;
  });
}
