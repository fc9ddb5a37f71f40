import { parseCheckpointManifest, parseDatasetManifest } from './manifests.js';

const digest = 'ab'.repeat(32);
const checkpoint = {
  schemaVersion: 1,
  kind: 'checkpoint',
  run: 'digits',
  step: 10,
  samplesSeen: 640,
  loss: 0.1,
  files: [{ path: 'weights.safetensors', role: 'weights', digest, size: 4 }],
  spec: { name: 'digits' },
  guidanceRole: 'noisy-classifier',
  metrics: { 'accuracy@0': 0.975, 'accuracy@900': 0.2 },
  scheduleDigest: digest,
  datasetDigest: digest,
  numericsClass: { threads: '1' },
};

describe('parseCheckpointManifest', () => {
  it('takes a whole manifest', () => {
    expect(parseCheckpointManifest(checkpoint)).toEqual(checkpoint);
  });

  it.each([
    [{ schemaVersion: 2 }, /schemaVersion/],
    [{ step: -1 }, /step/],
    [{ createdAt: 'now' }, /unknown key "createdAt"/],
    [{ files: [{ path: 'w', role: 'weights', digest: 'AB', size: 1 }] }, /files\[0\]\.digest: must be 64 hexadecimal digits/],
    [{ files: [] }, /files/],
    [{ guidanceRole: 'guide' }, /guidanceRole/],
    [{ guidanceRole: undefined }, /guidanceRole/],
    [{ metrics: { 'accuracy@0': 'high' } }, /metrics\.accuracy@0: expected number, got "high"/],
  ])('refuses %j', (change, message) => {
    expect(() => parseCheckpointManifest({ ...checkpoint, ...change })).toThrow(message);
  });
});

describe('parseDatasetManifest', () => {
  it('refuses a split without shards', () => {
    const split = { samples: 1, shards: [] };
    expect(() =>
      parseDatasetManifest({
        schemaVersion: 1,
        kind: 'dataset',
        name: 'd',
        imageShape: [28, 28, 1],
        classes: 10,
        splits: { train: split, test: split },
        source: 's',
        license: 'l',
      }),
    ).toThrow(/dataset manifest: splits\.train\.shards/);
  });
});
