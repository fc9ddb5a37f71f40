import { LangevinError } from './errors.js';

describe('LangevinError.from', () => {
  it('passes a LangevinError through', () => {
    const error = new LangevinError('job_unknown', 'no job "x"');
    expect(LangevinError.from(error, 'internal')).toBe(error);
  });

  it('keeps message and cause of what was thrown', () => {
    const cause = new TypeError('x is not a function');
    const error = LangevinError.from(cause, 'storage_failed');
    expect(error).toMatchObject({ code: 'storage_failed', message: 'x is not a function', cause });
    expect(LangevinError.from('text').message).toBe('text');
  });
});
