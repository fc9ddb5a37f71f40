import { compileConfig } from './config.js';

describe('compileConfig', () => {
  it('fills in the defaults', () => {
    expect(compileConfig({ version: '0.1.0' })).toEqual({ version: '0.1.0', heartbeatMs: 250, returnMs: 3000 });
  });

  it('refuses times that pass before they begin', () => {
    expect(() => compileConfig({ version: '0.1.0', returnMs: 0 })).toThrow('returnMs 0 must be positive');
    expect(() => compileConfig({ version: '0.1.0', heartbeatMs: Number.NaN })).toThrow('heartbeatMs NaN must be positive');
  });
});
