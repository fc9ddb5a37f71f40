import { createHash } from 'node:crypto';
import * as tf from '@tensorflow/tfjs-core';
import { VectorArena } from '@langevin/collectives';
import { parseJobSpec, type JobSpec } from '@langevin/contracts';
import { initParameters, modelLayout } from '@langevin/diffusion-core';
import { PhiloxStream } from '@langevin/diffusion-core/rng';
import { loadTensorFlow } from '@langevin/tf-runtime';
import type { LeafBatch, StateFiles } from './protocol.js';
import { openArenaSession, type ArenaSession } from '../testing/arena-session.js';
import { decodeState, encodeState } from './state-files.js';

beforeAll(() => loadTensorFlow({ backend: 'cpu' }));

const machine = { backend: 'cpu' };
const job = (change: { seed?: number; model?: object; training?: object; name?: string } = {}): JobSpec =>
  parseJobSpec({
    name: change.name ?? 'session',
    seed: change.seed ?? 3,
    dataset: { name: 'dots' },
    model: { sample_size: 4, block_out_channels: [2], down_block_types: ['DownBlock2D'], up_block_types: ['UpBlock2D'], attention_head_dim: 2, norm_num_groups: 1, num_class_embeds: 3, ...change.model },
    training: { steps: 10, virtualWorkers: 4, microBatch: 2, labelDropout: 0.2, ...change.training },
    checkpoints: { everySteps: 1 },
  });

const layout = modelLayout(job().model);
const normal = (sample: number, length: number): Float32Array => new PhiloxStream({ seed: 8, purpose: 'noise', sample }).fillNormal(new Float32Array(length));
const leafAt = (index: number): LeafBatch => ({ images: normal(index, 2 * 16), labels: Int32Array.of(index % 2, 1), weights: Float32Array.of(1, index === 3 ? 0 : 1), firstSlot: 2 * index });
/** Made-up reduced gradients, one a step. */
const gradients = Array.from({ length: 7 }, (_, step) => normal(1000 + step, layout.total));
const gradientOf = (step: number): Float32Array => gradients[step]!;

/** Opens a session for as long as `use` runs, and sees that it leaves no tensor and no vector behind. */
function withSession<T>(use: (session: ArenaSession) => T, spec = job(), committed = 0, files: StateFiles | null = null): T {
  const before = tf.memory().numTensors;
  const session = openArenaSession(machine, spec, committed, files);
  try {
    return use(session);
  } finally {
    session.dispose();
    expect(tf.memory().numTensors).toBe(before);
    expect(session.arena.taken).toBe(0);
  }
}

describe('a session', () => {
  // Two trainers, with a half of the leaves each, have the sum that one has alone.
  it.each([
    ['simple', {}],
    ['min_snr', {}],
    ['edm', {}],
    ['vlb', {}],
    ['hybrid', { out_channels: 2 }],
  ])('sums the gradients of a subtree as the tree of its leaves, bit for bit: %s', (loss, model) => {
    withSession((session) => {
      const leaves = [0, 1, 2, 3].map((index) => session.gradient(1, [leafAt(index)]));
      const add = (a: Float32Array, b: Float32Array): Float32Array => a.map((value, i) => Math.fround(value + b[i]!));
      const [a, b, c, d] = leaves.map((leaf) => leaf.gradient) as [Float32Array, Float32Array, Float32Array, Float32Array];
      const whole = session.gradient(1, [0, 1, 2, 3].map(leafAt));
      expect(whole.gradient).toEqual(add(add(a, b), add(c, d)));
      expect(whole.weightSum).toBe(7);
      expect(leaves.map((leaf) => leaf.weightSum)).toEqual([2, 2, 2, 1]);
      const [k, l, m, n] = leaves.map((leaf) => leaf.lossSum) as [number, number, number, number];
      expect(whole.lossSum).toBe(Math.fround(Math.fround(k + l) + Math.fround(m + n)));
      expect(a.some((value) => value !== 0) && a.every(Number.isFinite)).toBe(true);
    }, job({ training: { loss }, model }));
  });

  it('gives the same gradient each time, and another one at another step or slot', () => {
    withSession((session) => {
      const first = session.gradient(1, [leafAt(0)]);
      expect(session.gradient(1, [leafAt(0)])).toEqual(first);
      expect(session.gradient(2, [leafAt(0)]).gradient).not.toEqual(first.gradient);
      expect(session.gradient(1, [{ ...leafAt(0), firstSlot: 4 }]).gradient).not.toEqual(first.gradient);
    });
  });

  it('begins with the weights of the seed, and their average is a copy', () => {
    withSession((session) => {
      expect(session.parameters).toBe(layout.total);
      const { params, ema, m, v } = decodeState(session.files(), layout);
      expect(params).toEqual(initParameters(layout, 3));
      expect(ema).toEqual(params);
      expect([...m, ...v].every((value) => value === 0)).toBe(true);
    });
  });

  it('follows Adam and the average of weights, computed in float64', () => {
    const training = { learningRate: 0.01, adam: { beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1 }, ema: { maxDecay: 0.6, inverseGamma: 2, power: 0.75 } };
    const steps = 6;
    const state = withSession((session) => {
      for (let step = 1; step <= steps; step++) session.apply(step, gradientOf(step), 0.01 * step);
      return decodeState(session.files(), layout);
    }, job({ training }));
    const { beta1, beta2, epsilon, weightDecay } = training.adam;
    const start = initParameters(layout, 3);
    for (let i = 0; i < layout.total; i++) {
      let [theta, ema, m, v] = [start[i]!, start[i]!, 0, 0];
      for (let t = 1; t <= steps; t++) {
        const g = gradientOf(t)[i]!;
        const rate = 0.01 * t;
        m = beta1 * m + (1 - beta1) * g;
        v = beta2 * v + (1 - beta2) * g * g;
        theta -= rate * weightDecay * theta;
        theta -= (rate * (m / (1 - beta1 ** t))) / (Math.sqrt(v / (1 - beta2 ** t)) + epsilon);
        const decay = Math.min(0.6, 1 - (1 + (t - 1) / 2) ** -0.75);
        ema = decay * ema + (1 - decay) * theta;
      }
      // Six steps of float32 on numbers of about 1.
      for (const [got, wanted] of [[state.params[i], theta], [state.ema[i], ema], [state.m[i], m], [state.v[i], v]] as const) {
        expect(Math.abs(got! - wanted)).toBeLessThan(2e-6);
      }
    }
  });

  it('that is resumed goes on bit for bit', () => {
    const { files, gradient, after } = withSession((session) => {
      session.apply(1, gradientOf(1), 0.01);
      session.apply(2, gradientOf(2), 0.01);
      const files = session.files();
      const gradient = session.gradient(3, [0, 1].map(leafAt));
      session.apply(3, gradientOf(3), 0.01);
      return { files, gradient, after: session.files() };
    });
    withSession(
      (session) => {
        expect(session.files()).toEqual(files);
        expect(session.gradient(3, [0, 1].map(leafAt))).toEqual(gradient);
        session.apply(3, gradientOf(3), 0.01);
        expect(session.files()).toEqual(after);
      },
      job(),
      2,
      files,
    );
  });

  it('reads the gradient from the arena that the exchange shares, leaves it as it is, and does not free it', () => {
    withSession(({ session, arena }) => {
      const vector = arena.takeCopy(gradientOf(1));
      // Another thread's view of the same memory.
      const shared = VectorArena.attach(arena.handle).vectorAt(vector.address);
      session.apply(1, vector.address, 0.01);
      expect(shared.floats).toEqual(gradientOf(1));
      expect(arena.taken).toBe(1);
      const { m } = decodeState(session.files(), layout);
      expect(m.every((value, i) => Math.abs(value - 0.1 * gradientOf(1)[i]!) < 1e-6)).toBe(true);
      vector.free();
    });
  });

  it('leaves the sum of a subtree in the arena, a vector that belongs to whoever asked', () => {
    withSession(({ session, arena }) => {
      const gradientOf = (step: number, ...leaves: readonly number[]) => {
        for (const leaf of leaves) session.stage(step, leafAt(leaf));
        return session.gradient(step, leaves.map((leaf) => 2 * leaf));
      };
      const sums = [gradientOf(1, 0, 1, 2, 3), gradientOf(1, 0)];
      expect(arena.taken).toBe(2);
      const first = Float32Array.from(arena.vectorAt(sums[0]!.address).floats);
      for (let step = 2; step <= 4; step++) arena.vectorAt(gradientOf(step, 0, 1).address).free();
      expect(arena.taken).toBe(2);
      expect(arena.vectorAt(sums[0]!.address).floats).toEqual(first);
      for (const { address } of sums) arena.vectorAt(address).free();
    });
  });

  it('gives a copy of its whole state, with which another session goes on bit for bit', () => {
    const { copy, digest, files } = withSession((session) => {
      for (const step of [1, 2]) session.apply(step, gradientOf(step), 0.01);
      const copy = session.copyState();
      const digest = session.digestState();
      session.apply(3, gradientOf(3), 0.01);
      expect(session.digestState()).not.toBe(digest);
      return { copy, digest, files: session.files() };
    });
    expect(copy.byteLength).toBe(4 * 4 * layout.total);
    expect(digest).toBe(createHash('sha256').update(copy).digest('hex'));
    withSession((session) => {
      session.apply(1, gradientOf(5), 0.5);
      // It comes over shared memory.
      const shared = new Uint8Array(new SharedArrayBuffer(copy.byteLength));
      shared.set(copy);
      session.loadState(2, shared);
      expect(session.digestState()).toBe(digest);
      expect(() => session.apply(2, gradientOf(2), 0.01)).toThrow('step 2 cannot follow step 2');
      session.apply(3, gradientOf(3), 0.01);
      expect(session.files()).toEqual(files);
    });
  });

  it('refuses a copy of another size, and keeps its state', () => {
    withSession((session) => {
      const before = session.digestState();
      expect(() => session.loadState(1, new Uint8Array(4 * 4 * layout.total - 4))).toThrow(expect.objectContaining({ code: 'invalid_argument' }));
      expect(session.digestState()).toBe(before);
      session.apply(1, gradientOf(1), 0.01);
    });
  });

  it('refuses a step that is not the next one, and keeps its state', () => {
    withSession((session) => {
      session.apply(1, gradientOf(1), 0.01);
      const before = session.files();
      for (const step of [0, 1, 3]) {
        expect(() => session.apply(step, gradientOf(1), 0.01)).toThrow(expect.objectContaining({ code: 'internal', message: `step ${step} cannot follow step 1` }));
      }
      expect(session.files()).toEqual(before);
      session.apply(2, gradientOf(2), 0.01);
    });
  });

  it('computes the same of leaves that were staged before the step before them was applied', () => {
    const sums = [true, false].map((isAhead) =>
      withSession((opened) => {
        const { session } = opened;
        if (isAhead) for (const index of [0, 1]) session.stage(2, leafAt(index));
        opened.apply(1, opened.gradient(1, [0, 1].map(leafAt)).gradient, 0.01);
        if (!isAhead) for (const index of [0, 1]) session.stage(2, leafAt(index));
        const sum = opened.arena.vectorAt(session.gradient(2, [0, 2]).address);
        const copy = Float32Array.from(sum.floats);
        sum.free();
        return copy;
      }),
    );
    expect(sums[0]).toEqual(sums[1]);
    expect(sums[0]!.some((value) => value !== 0)).toBe(true);
  });

  it('refuses a leaf that was not staged, and one that was used already', () => {
    withSession(({ session, arena }) => {
      session.stage(1, leafAt(0));
      arena.vectorAt(session.gradient(1, [0]).address).free();
      for (const slot of [0, 2]) {
        expect(() => session.gradient(1, [slot])).toThrow(expect.objectContaining({ code: 'internal', message: `the leaf of step 1 whose samples begin at ${slot} was not staged` }));
      }
    });
  });

  it('forgets leaves that were staged and not used when their step is over', () => {
    withSession((opened) => {
      const tensors = tf.memory().numTensors;
      for (const index of [2, 3]) opened.session.stage(1, leafAt(index));
      opened.session.stage(1, leafAt(3));
      expect(tf.memory().numTensors).toBeGreaterThan(tensors);
      opened.apply(1, opened.gradient(1, [0, 1].map(leafAt)).gradient, 0.01);
      expect(tf.memory().numTensors).toBe(tensors);
    });
  });

  it('leaves no tensor and no vector behind over steps', () => {
    withSession((session) => {
      const tensors = tf.memory().numTensors;
      for (let step = 1; step <= 3; step++) {
        session.gradient(step, [0, 1].map(leafAt));
        session.apply(step, gradientOf(step), 0.01);
        session.files();
        session.copyState();
        session.digestState();
        expect(tf.memory().numTensors).toBe(tensors);
        expect(session.arena.taken).toBe(0);
      }
    });
  });

  it('refuses the files of another model by name, and leaves no tensor behind', () => {
    const files = withSession((session) => session.files());
    const tensors = tf.memory().numTensors;
    expect(() => openArenaSession(machine, job({ model: { block_out_channels: [4] } }), 1, files)).toThrow(
      expect.objectContaining({ code: 'checkpoint_corrupt', message: expect.stringContaining('weights.safetensors: ') }),
    );
    expect(tf.memory().numTensors).toBe(tensors);
  });
});

describe('the numerics class of a session', () => {
  const classOf = (spec: JobSpec, committed = 0, files: StateFiles | null = null) => withSession((session) => session.numerics, spec, committed, files);

  it('holds the machine, the job and the canary, and is the same for the same job', () => {
    const numerics = classOf(job());
    expect(numerics).toEqual({
      backend: 'cpu',
      graph: expect.stringMatching(/^eager [0-9a-f]{64}$/),
      virtualWorkers: '4',
      microBatch: '2',
      precision: 'float32',
      wire: 'float32',
      arithmetic: expect.stringMatching(/^\d+$/),
      canary: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(classOf(job({ name: 'another-name' }))).toEqual(numerics);
  });

  it('does not depend on how far the training is', () => {
    const files = withSession((session) => {
      session.apply(1, gradientOf(1), 0.01);
      return session.files();
    });
    expect(classOf(job(), 1, files)).toEqual(classOf(job()));
  });

  it.each([
    ['seed', { seed: 4 }],
    ['model', { model: { norm_num_groups: 2 } }],
    ['micro-batch', { training: { microBatch: 4 } }],
  ])('has another canary for another %s', (_, change) => {
    expect(classOf(job(change))['canary']).not.toBe(classOf(job())['canary']);
  });

  it('covers unconditional networks', () => {
    expect(classOf(job({ model: { num_class_embeds: undefined }, training: { labelDropout: 0 } }))['canary']).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('a session of a classifier', () => {
  const classifier = parseJobSpec({
    name: 'classifier',
    seed: 3,
    dataset: { name: 'dots' },
    model: { type: 'classifier2d', sample_size: 4, block_out_channels: [2], down_block_types: ['DownBlock2D'], attention_head_dim: 2, norm_num_groups: 1, num_classes: 2 },
    training: { steps: 10, virtualWorkers: 4, microBatch: 2 },
    checkpoints: { everySteps: 1 },
  });
  const layoutOfIt = modelLayout(classifier.model);
  const heldOut = { images: normal(77, 10 * 16), labels: new Int32Array(10) };
  const step = (session: ArenaSession, number: number) => session.apply(number, normal(2000 + number, layoutOfIt.total), 0.05);

  it('sums gradients of its own length, which follow the labels', () => {
    withSession((session) => {
      const sum = session.gradient(1, [0, 1].map(leafAt));
      expect(sum.gradient).toHaveLength(layoutOfIt.total);
      expect(sum.gradient.every(Number.isFinite)).toBe(true);
      expect(sum.weightSum).toBe(4);
      const other = [0, 1].map(leafAt).map((leaf) => ({ ...leaf, labels: leaf.labels.map((label) => 1 - label) }));
      expect(session.gradient(1, other).gradient).not.toEqual(sum.gradient);
    }, classifier);
  });

  it('measures its averaged weights, not the last ones', () => {
    const { offset } = layoutOfIt.entries.find(({ name }) => name === 'attnpool.c_proj.bias')!;
    /** Weights that say this class of everything. */
    const saying = (label: number) => initParameters(layoutOfIt, 3).map((value, i) => (i === offset + label ? 100 : value));
    const zeros = new Float32Array(layoutOfIt.total);
    const files = encodeState({ params: saying(1), ema: saying(0), m: zeros, v: zeros }, layoutOfIt);
    withSession(
      (session) => {
        const measured = session.measure(heldOut);
        expect(Object.keys(measured)).toHaveLength(10);
        expect(Object.values(measured).every((share) => share === 1)).toBe(true);
        session.apply(4, normal(2004, layoutOfIt.total), 0);
        expect(session.measure({ ...heldOut, labels: heldOut.labels.map(() => 1) })['accuracy@0']).toBe(0);
      },
      classifier,
      3,
      files,
    );
  });

  it('that is resumed goes on bit for bit', () => {
    const { files, gradient, metrics } = withSession((session) => {
      step(session, 1);
      return { files: session.files(), gradient: session.gradient(2, [0, 1].map(leafAt)), metrics: session.measure(heldOut) };
    }, classifier);
    withSession(
      (session) => {
        expect(session.files()).toEqual(files);
        expect(session.gradient(2, [0, 1].map(leafAt))).toEqual(gradient);
        expect(session.measure(heldOut)).toEqual(metrics);
      },
      classifier,
      1,
      files,
    );
  });
});

describe('a session of a denoiser', () => {
  it('measures nothing', () => {
    withSession((session) => expect(session.measure({ images: new Float32Array(16), labels: new Int32Array(1) })).toEqual({}));
  });
});
