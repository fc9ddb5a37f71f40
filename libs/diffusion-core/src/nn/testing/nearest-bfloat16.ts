/**
 * The nearest bfloat16 of a float32, found in its bits: the upper sixteen, one more where the lower ones are more than half of a unit, or half and the last of the
 * upper ones is 1. For tests, and independent of what they test: nothing is added to a number here.
 */
export function nearestBfloat16(value: number): number {
  if (Number.isNaN(value)) return value;
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0]!;
  const [upper, lower] = [bits >>> 16, bits & 0xffff];
  const goesUp = lower > 0x8000 || (lower === 0x8000 && upper % 2 === 1);
  return new Float32Array(Uint32Array.of(((upper + (goesUp ? 1 : 0)) << 16) >>> 0).buffer)[0]!;
}
