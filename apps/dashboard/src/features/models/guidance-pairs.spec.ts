import type { ModelSummary } from '@langevin/contracts/api';
import { guidancePairs } from './guidance-pairs.js';

const model = (name: string, guidanceRole: ModelSummary['guidanceRole'], schedule: string): ModelSummary => ({
  name,
  guidanceRole,
  scheduleDigest: schedule.repeat(64),
  versions: 1,
  latest: 1,
  aliases: {},
});

describe('guidancePairs', () => {
  it('joins denoisers with the classifiers of their schedule', () => {
    const models = [model('digits', 'denoiser', 'a'), model('reader', 'noisy-classifier', 'a'), model('other', 'noisy-classifier', 'b'), model('faces', 'denoiser', 'c')];
    expect(guidancePairs(models).map(({ denoiser, classifiers }) => [denoiser.name, classifiers.map(({ name }) => name)])).toEqual([
      ['digits', ['reader']],
      ['faces', []],
    ]);
  });
});
