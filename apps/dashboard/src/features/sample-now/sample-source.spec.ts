import { parseSampleSource } from './sample-source.js';

describe('parseSampleSource', () => {
  it.each([
    ['run:digits', { run: 'digits' }],
    ['run:digits:940', { run: 'digits', step: 940 }],
    ['model:digits@production', { model: 'digits@production' }],
    ['model:digits:3', { model: 'digits:3' }],
    [`checkpoint:${'ab'.repeat(32)}`, { checkpoint: 'ab'.repeat(32) }],
  ])('reads %s', (text, request) => {
    expect(parseSampleSource(text)?.request).toEqual(request);
  });

  it.each(['', 'run:', 'digits', 'checkpoint:xyz', 'run:a:b', 'file:///etc/passwd'])('reads nothing from "%s"', (text) => {
    expect(parseSampleSource(text)).toBeUndefined();
  });
});
