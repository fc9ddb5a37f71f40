import { jobFacts } from './job-facts.js';

const spec = {
  name: 'digits',
  dataset: { name: 'mnist-digits', split: 'train' },
  model: { type: 'unet2d', sample_size: 28 },
  training: { steps: 940, virtualWorkers: 8, microBatch: 8, learningRate: 6e-4 },
  checkpoints: { everySteps: 235 },
};

describe('jobFacts', () => {
  it('multiplies what a reader would have to', () => {
    const facts = Object.fromEntries(jobFacts(spec).map(({ name, value }) => [name, value]));
    expect(facts['Batch']).toBe('64 images (8 virtual workers × 8)');
    expect(facts['Images in all']).toBe('60,160');
    expect(facts['Checkpoints']).toBe('4, every 235 steps');
  });

  it('says nothing of what it does not know', () => {
    expect(jobFacts({ name: 'digits' })).toEqual([]);
  });
});
