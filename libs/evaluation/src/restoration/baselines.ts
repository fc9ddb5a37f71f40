/** Images [n, height, width, channels], flattened. */
export type Images = Float32Array;
type Shape = readonly [height: number, width: number, channels: number];

const clampIndex = (i: number, length: number): number => Math.min(Math.max(i, 0), length - 1);

/** The middle one of an odd number of values, the mean of the two middle ones of an even number. */
function median(values: number[]): number {
  const sorted = values.sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
}

/** Weight of a sample at the distance d in cubic convolution with a = −½ (Keys 1981, eq. 15), which follows parabolas exactly. */
function cubic(d: number): number {
  const x = Math.abs(d);
  if (x >= 2) return 0;
  return x <= 1 ? 1.5 * x ** 3 - 2.5 * x ** 2 + 1 : -0.5 * x ** 3 + 2.5 * x ** 2 - 4 * x + 2;
}

/** Bicubic enlargement of images of this shape by a whole factor; beyond the edge lies the pixel of the edge. */
export function bicubic(images: Images, [height, width, channels]: Shape, factor: number): Images {
  const along = (values: Images, rows: number, length: number, stride: number): Images => {
    const out = new Float32Array(values.length * factor);
    for (let row = 0; row < rows; row++) {
      for (let i = 0; i < length * factor; i++) {
        const place = (i + 0.5) / factor - 0.5;
        for (let s = 0; s < stride; s++) {
          let sum = 0;
          for (let k = Math.floor(place) - 1; k <= Math.floor(place) + 2; k++) sum += cubic(place - k) * values[(row * length + clampIndex(k, length)) * stride + s]!;
          out[(row * length * factor + i) * stride + s] = sum;
        }
      }
    }
    return out;
  };
  const count = images.length / (height * width * channels);
  return along(along(images, count * height, width, channels), count, height, width * factor * channels);
}

/** Each pixel becomes the median of the 3 × 3 pixels around it, channel by channel; beyond the edge lies the pixel of the edge. */
export function medianFilter(images: Images, [height, width, channels]: Shape): Images {
  return images.map((_, index) => {
    const [c, x, y, image] = [index % channels, Math.floor(index / channels) % width, Math.floor(index / (channels * width)) % height, Math.floor(index / (channels * width * height))];
    const around: number[] = [];
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) around.push(images[((image * height + clampIndex(y + dy, height)) * width + clampIndex(x + dx, width)) * channels + c]!);
    }
    return median(around);
  });
}

/**
 * Holes filled from their edges inwards: each unknown pixel becomes the median of those of the 3 × 3 around it that are known by then.
 * @param mask [height, width]: 1 where pixels are known, somewhere
 */
export function medianFill(images: Images, [height, width, channels]: Shape, mask: ArrayLike<number>): Images {
  const filled = Float32Array.from(images);
  const known = Uint8Array.from(mask);
  while (known.includes(0)) {
    const ring = [...known.keys()].filter((at) => known[at] === 0 && around(at, height, width).some((near) => known[near] === 1));
    for (let image = 0; image * height * width * channels < images.length; image++) {
      for (const at of ring) {
        for (let c = 0; c < channels; c++) {
          const index = (near: number): number => (image * height * width + near) * channels + c;
          filled[index(at)] = median(around(at, height, width).filter((near) => known[near] === 1).map((near) => filled[index(near)]!));
        }
      }
    }
    for (const at of ring) known[at] = 1;
  }
  return filled;
}

/**
 * Holes filled smoothly: each unknown pixel is the mean of its four neighbours (Laplace's equation, by so many sweeps of Gauss and Seidel); the values on the edge of an image
 * go on beyond it.
 * @param mask [height, width]: 1 where pixels are known
 */
export function smoothFill(images: Images, [height, width, channels]: Shape, mask: ArrayLike<number>, sweeps = 300): Images {
  const filled = images.map((value, index) => (mask[Math.floor(index / channels) % (height * width)] === 1 ? value : 0));
  const holes = Array.from({ length: height * width }, (_, at) => at).filter((at) => mask[at] === 0);
  for (let image = 0; image * height * width * channels < images.length; image++) {
    for (let sweep = 0; sweep < sweeps; sweep++) {
      for (const at of holes) {
        const [y, x] = [Math.floor(at / width), at % width];
        for (let c = 0; c < channels; c++) {
          const value = (dy: number, dx: number): number => filled[((image * height + clampIndex(y + dy, height)) * width + clampIndex(x + dx, width)) * channels + c]!;
          filled[(image * height * width + at) * channels + c] = (value(-1, 0) + value(1, 0) + value(0, -1) + value(0, 1)) / 4;
        }
      }
    }
  }
  return filled;
}

/** The places around a place, and itself. */
function around(at: number, height: number, width: number): number[] {
  const [y, x] = [Math.floor(at / width), at % width];
  const places: number[] = [];
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) if (y + dy >= 0 && y + dy < height && x + dx >= 0 && x + dx < width) places.push((y + dy) * width + x + dx);
  }
  return places;
}
