import { endpointUrl } from './endpoint-url.js';

describe('endpointUrl', () => {
  it('fills the path and appends what the query holds', () => {
    expect(endpointUrl('/runs/{run}/metrics', { run: 'digits' }, { keys: 'loss', from: undefined, to: 20 })).toBe(
      '/api/v1/runs/digits/metrics?keys=loss&to=20',
    );
  });

  it('encodes what could leave the path', () => {
    expect(endpointUrl('/runs/{run}', { run: '../jobs?x' })).toBe('/api/v1/runs/..%2Fjobs%3Fx');
  });
});
