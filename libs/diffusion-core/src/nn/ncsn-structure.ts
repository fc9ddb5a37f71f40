/** A network of noise conditional scores. */
export interface NcsnConfig {
  /** Channels of the images. */
  readonly imageChannels: number;
  /** Channels at full resolution, n; there are 2n below it (Song & Ermon 2019: 128). */
  readonly channels: number;
  /** Noise levels, L. */
  readonly levels: number;
}

/** How a convolution differs from one of 3×3 pixels with a bias. */
export interface NcsnConvolution {
  /** @default 3 */
  readonly side?: 1 | 3;
  /** Distance of the pixels that it looks at. @default 1 */
  readonly dilation?: number;
  /** @default true */
  readonly bias?: boolean;
}

/** What the network is made of: on images, or on their channels alone, which declares its parameters. */
export interface NcsnOperations<V> {
  channelsOf(x: V): number;
  convolve(name: string, x: V, channels: number, options?: NcsnConvolution): V;
  /** Conditional instance normalisation++. */
  normalise(name: string, x: V): V;
  elu(x: V): V;
  add(a: V, b: V): V;
  /** Means of 2×2 pixels. */
  halve(x: V): V;
  /** Means of 5×5 pixels, with zeros around the image. */
  pool(x: V): V;
  /** At the height and width of `like`, bilinearly between corners. */
  resizeLike(x: V, like: V): V;
}

/**
 * The score network of NCSN, on whatever `operations` work on: RefineNet of four cascades with dilated convolutions in place of halving but for the first,
 * means in place of maxima, ELU, and conditional instance normalisation++ everywhere (Song & Ermon 2019, appendix A; Lin et al. 2017).
 */
export function ncsnForward<V>(operations: NcsnOperations<V>, { channels: n, imageChannels }: NcsnConfig, x: V): V {
  const first = operations.convolve('begin_conv', x, n);
  const layer = (name: string, input: V, channels: number, down: boolean, dilation = 1) =>
    residual(operations, `${name}.1`, residual(operations, `${name}.0`, input, channels, down, dilation), channels, false, dilation);
  const one = layer('res1', first, n, false);
  const two = layer('res2', one, 2 * n, true);
  const three = layer('res3', two, 2 * n, true, 2);
  const four = layer('res4', three, 2 * n, true, 4);
  const refine = (name: string, inputs: readonly V[], channels: number, blocks = 1) => refined(operations, name, inputs, channels, blocks);
  const lowest = refine('refine1', [four], 2 * n);
  const low = refine('refine2', [three, lowest], 2 * n);
  const high = refine('refine3', [two, low], n);
  const last = refine('refine4', [one, high], n, 3);
  return operations.convolve('end_conv', operations.elu(operations.normalise('normalizer', last)), imageChannels);
}

/** A residual block before activation. One that goes down halves its image, or dilates instead of that, and has a shortcut with weights. */
function residual<V>({ add, channelsOf, convolve, elu, halve, normalise }: NcsnOperations<V>, name: string, x: V, channels: number, down: boolean, dilation: number): V {
  const halved = (image: V) => (down && dilation === 1 ? halve(image) : image);
  const inner = down ? channelsOf(x) : channels;
  const middle = convolve(`${name}.conv1`, elu(normalise(`${name}.norm1`, x)), inner, { dilation });
  const changed = halved(convolve(`${name}.conv2`, elu(normalise(`${name}.norm2`, middle)), channels, { dilation }));
  if (!down && channelsOf(x) === channels) return add(changed, x);
  return add(changed, halved(convolve(`${name}.shortcut`, x, channels, { dilation, side: dilation === 1 ? 1 : 3 })));
}

/** One cascade of RefineNet: adapts its inputs, fuses them at the resolution of the first, pools in a chain, and adapts the result. */
function refined<V>(operations: NcsnOperations<V>, name: string, inputs: readonly V[], channels: number, blocks: number): V {
  const { add, convolve, elu, normalise, pool, resizeLike } = operations;
  const adapted = inputs.map((input, i) => units(operations, `${name}.adapt_convs.${i}`, input, 2));
  const [main] = adapted;
  const fuse = (input: V, i: number) => resizeLike(convolve(`${name}.msf.convs.${i}`, normalise(`${name}.msf.norms.${i}`, input), channels), main!);
  let sum = elu(adapted.length === 1 ? main! : adapted.map(fuse).reduce((total, image) => add(total, image))); // There is a first one.
  let path = sum;
  for (const stage of [0, 1]) {
    path = convolve(`${name}.crp.convs.${stage}`, pool(normalise(`${name}.crp.norms.${stage}`, path)), channels, { bias: false });
    sum = add(sum, path);
  }
  return units(operations, `${name}.output_convs`, sum, blocks);
}

/** Residual units of two convolutions. */
function units<V>({ add, channelsOf, convolve, elu, normalise }: NcsnOperations<V>, name: string, x: V, blocks: number): V {
  let sum = x;
  for (let block = 0; block < blocks; block++) {
    let path = sum;
    for (const stage of [0, 1]) {
      const place = `${name}.${block}.${stage}`;
      path = convolve(`${place}.conv`, elu(normalise(`${place}.norm`, path)), channelsOf(x), { bias: false });
    }
    sum = add(sum, path);
  }
  return sum;
}
