import { samplerNames } from '@langevin/contracts';
import { tinyCheckpoint } from './testing/tiny-checkpoint.js';
import { compileSampleOptions, type SampleOptions } from './sample-options.js';

const conditional = tinyCheckpoint().spec;
const unconditional = tinyCheckpoint(1, {}).spec;

describe('compileSampleOptions', () => {
  it('fills in the defaults', () => {
    expect(compileSampleOptions({}, unconditional)).toEqual({
      count: 1, steps: 40, sampler: 'ddim', guidanceScale: 1, clipSample: false, seed: 0, batchSize: 32, classifierScale: 1, guidanceForm: 'score',
    });
  });

  it('asks for one image a label', () => {
    const { count, labels, networkLabels } = compileSampleOptions({ labels: [2, 0, 1] }, conditional);
    expect([count, labels, networkLabels]).toEqual([3, Int32Array.of(2, 0, 1), Int32Array.of(2, 0, 1)]);
  });

  it('gives images of no class the null label, which is the last one', () => {
    const { labels, networkLabels } = compileSampleOptions({ count: 2 }, conditional);
    expect([labels, networkLabels]).toEqual([undefined, Int32Array.of(3, 3)]);
  });

  it.each<[SampleOptions, string]>([
    [{ labels: [0, 3] }, 'labels[1] 3 is not a whole number from 0 to 2'],
    [{ labels: [-1] }, 'labels[0] -1 is not a whole number from 0 to 2'],
    [{ labels: [0.5] }, 'labels[0] 0.5 is not a whole number from 0 to 2'],
    [{ labels: [] }, 'number of labels 0 is not a whole number from 1 to 4294967295'],
    [{ labels: [1], count: 2 }, 'count 2 differs from the 1 labels: leave it out'],
    [{ guidanceScale: 2 }, 'guidanceScale 2 needs labels: there is nothing to guide to'],
    [{ labels: [0], guidanceScale: NaN }, 'guidanceScale NaN is not a number of at least 0'],
    [{ labels: [0], guidanceScale: -1 }, 'guidanceScale -1 is not a number of at least 0'],
    [{ steps: 1001 }, 'steps 1001 is not a whole number from 1 to 1000 (num_train_timesteps)'],
    [{ steps: 0 }, 'steps 0 is not a whole number from 1 to 1000 (num_train_timesteps)'],
    [{ batchSize: 0 }, 'batchSize 0 is not a whole number from 1 to 65536'],
    [{ seed: 1.5 }, 'seed 1.5 is not a whole number from 0 to 9007199254740991'],
    [{ count: 0 }, 'count 0 is not a whole number from 1 to 4294967295'],
    // The command line passes on what a user typed.
    [{ sampler: 'euler' as 'ddim' }, `sampler "euler" is unknown; there are ${samplerNames.join(', ')}`],
  ])('refuses what a conditional model cannot do (%#)', (options, message) => {
    expect(() => compileSampleOptions(options, conditional)).toThrow(expect.objectContaining({ code: 'invalid_argument', message }));
  });

  it.each<[SampleOptions, string]>([
    [{ labels: [0] }, 'labels were given, but the model is unconditional: leave them out'],
    [{ guidanceScale: 2 }, 'guidanceScale 2 needs labels, and the model is unconditional: leave it out'],
  ])('refuses labels and guidance on an unconditional model (%#)', (options, message) => {
    expect(() => compileSampleOptions(options, unconditional)).toThrow(expect.objectContaining({ code: 'invalid_argument', message }));
  });
});
