import { compileConfig } from './config.js';

describe('compileConfig', () => {
  it('fills in the defaults', () => {
    expect(compileConfig({ version: '0.1.0' })).toEqual({ version: '0.1.0', heartbeatMs: 250, suspectAfterMs: 5000 });
  });

  it('refuses a deadline that no heartbeat can meet', () => {
    expect(() => compileConfig({ version: '0.1.0', suspectAfterMs: 250 })).toThrow('suspectAfterMs 250 must exceed heartbeatMs 250');
    expect(() => compileConfig({ version: '0.1.0', suspectAfterMs: Number.NaN })).toThrow('suspectAfterMs NaN must exceed heartbeatMs 250');
  });

  it('refuses heartbeats without a pause', () => {
    expect(() => compileConfig({ version: '0.1.0', heartbeatMs: 0 })).toThrow('heartbeatMs 0 must be positive');
  });
});
