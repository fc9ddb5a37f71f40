/**
 * Copies one image, moved by whole pixels; what moves in from outside takes the value `fill`.
 *
 * @param source images one after another, each `shape` in size
 * @param from index of the image in `source`
 * @param target where the copy goes
 * @param to index of the image in `target`
 * @param shift rows down and columns to the right
 */
export function shiftedCopy(
  source: Float32Array,
  from: number,
  target: Float32Array,
  to: number,
  shape: readonly [number, number, number],
  shift: readonly [number, number],
  fill: number,
): void {
  const [height, width, channels] = shape;
  const [down, right] = shift;
  const row = width * channels;
  const start = from * height * row;
  target.fill(fill, to * height * row, (to + 1) * height * row);
  const first = Math.max(0, -right);
  const last = Math.min(width, width - right);
  for (let y = Math.max(0, -down); y < Math.min(height, height - down) && first < last; y += 1) {
    const cut = source.subarray(start + y * row + first * channels, start + y * row + last * channels);
    target.set(cut, (to * height + y + down) * row + (first + right) * channels);
  }
}
