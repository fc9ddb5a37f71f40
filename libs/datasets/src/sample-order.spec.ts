import fc from 'fast-check';
import { sampleAt, samplesSeen, stepsPerEpoch, type SampleOrder } from './sample-order.js';

/** Everything that the steps of one epoch see. */
function epochSlots(order: SampleOrder, epoch: number): { index: number; weight: number; epoch: number }[] {
  const steps = stepsPerEpoch(order);
  return Array.from({ length: steps * order.globalBatch }, (_, i) =>
    sampleAt(order, epoch * steps + 1 + Math.floor(i / order.globalBatch), i % order.globalBatch),
  );
}

const anyOrder = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  samples: fc.integer({ min: 1, max: 200 }),
  globalBatch: fc.tuple(fc.constantFrom(1, 2, 4, 8, 16), fc.integer({ min: 1, max: 9 })).map(([virtualWorkers, microBatch]) => virtualWorkers * microBatch),
});

describe('the order of samples', () => {
  it('shows every sample exactly once in every epoch, for any number of samples, virtual workers and micro-batch', () => {
    fc.assert(
      fc.property(anyOrder, fc.integer({ min: 0, max: 50 }), (order, epoch) => {
        const slots = epochSlots(order, epoch);
        const seen = slots.filter(({ weight }) => weight === 1).map(({ index }) => index);
        expect(seen.sort((a, b) => a - b)).toEqual(Array.from({ length: order.samples }, (_, i) => i));
        expect(new Set(slots.map((slot) => slot.epoch))).toEqual(new Set([epoch]));
      }),
      { seed: 3, numRuns: 120 },
    );
  });

  it('pads only the end of an epoch, with real samples of weight 0', () => {
    const order = { seed: 1, samples: 10, globalBatch: 4 };
    const slots = epochSlots(order, 2);
    expect(slots.map(({ weight }) => weight)).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
    for (const { index } of slots) expect(index >= 0 && index < 10).toBe(true);
  });

  it('takes no step that only pads', () => {
    expect(stepsPerEpoch({ seed: 0, samples: 8, globalBatch: 4 })).toBe(2);
    expect(stepsPerEpoch({ seed: 0, samples: 9, globalBatch: 4 })).toBe(3);
  });

  it('pads even where the batch is larger than the dataset', () => {
    const slots = epochSlots({ seed: 1, samples: 3, globalBatch: 8 }, 5);
    expect(slots.map(({ weight }) => weight)).toEqual([1, 1, 1, 0, 0, 0, 0, 0]);
    expect(slots.every(({ index }) => index < 3)).toBe(true);
  });

  it('changes from epoch to epoch and from seed to seed', () => {
    const order = { seed: 1, samples: 50, globalBatch: 8 };
    const indices = (of: SampleOrder, epoch: number): string => epochSlots(of, epoch).map(({ index }) => index).join();
    expect(new Set([indices(order, 0), indices(order, 1), indices({ ...order, seed: 2 }, 0)]).size).toBe(3);
  });

  it('follows from the global batch alone: splitting it among other virtual workers changes nothing', () => {
    const order = { seed: 4, samples: 90, globalBatch: 64 };
    const asSeenBy = (virtualWorkers: number): unknown[] => {
      const microBatch = order.globalBatch / virtualWorkers;
      return Array.from({ length: virtualWorkers }, (_, v) => Array.from({ length: microBatch }, (_, j) => sampleAt(order, 2, v * microBatch + j))).flat();
    };
    expect(asSeenBy(2)).toEqual(asSeenBy(16));
  });

  it('counts the samples seen as the sum of the weights', () => {
    fc.assert(
      fc.property(anyOrder, fc.integer({ min: 0, max: 12 }), (order, steps) => {
        let weights = 0;
        for (let step = 1; step <= steps; step++) for (let slot = 0; slot < order.globalBatch; slot++) weights += sampleAt(order, step, slot).weight;
        expect(samplesSeen(order, steps)).toBe(weights);
      }),
      { seed: 8, numRuns: 60 },
    );
  });

  it('refuses steps and slots that do not exist', () => {
    const order = { seed: 0, samples: 5, globalBatch: 2 };
    expect(() => sampleAt(order, 0, 0)).toThrow('step 0 is not an integer of at least 1');
    expect(() => sampleAt(order, 1, 2)).toThrow('slot 2 is not an integer from 0 to 1');
  });
});
