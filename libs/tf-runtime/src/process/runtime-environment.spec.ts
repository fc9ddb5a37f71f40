import { needsRelaunch, runtimeEnvironment } from './runtime-environment.js';

describe('runtimeEnvironment', () => {
  it('fixes the allocator, the threads and oneDNN', () => {
    expect(runtimeEnvironment({ threads: 2 })).toEqual({
      MALLOC_MMAP_THRESHOLD_: '4294967296',
      MALLOC_TRIM_THRESHOLD_: '8589934592',
      MALLOC_TOP_PAD_: '268435456',
      TF_NUM_INTRAOP_THREADS: '2',
      TF_NUM_INTEROP_THREADS: '1',
      TF_ENABLE_ONEDNN_OPTS: '1',
      TF_CPP_MIN_LOG_LEVEL: '2',
    });
  });

  it.each([0, -1, 1.5, NaN])('refuses %d threads', (threads) => {
    expect(() => runtimeEnvironment({ threads })).toThrow(`threads must be an integer of at least 1, got ${threads}`);
  });
});

describe('needsRelaunch', () => {
  const wanted = runtimeEnvironment({ threads: 2 });

  it('is false in the environment that is wanted, whatever else is set', () => {
    expect(needsRelaunch(wanted, { ...wanted, PATH: '/bin' })).toBe(false);
  });

  it('is true when a variable is absent or has another value', () => {
    expect(needsRelaunch(wanted, {})).toBe(true);
    expect(needsRelaunch(wanted, { ...wanted, TF_NUM_INTRAOP_THREADS: '4' })).toBe(true);
  });

  it('does not start a process again for its log level alone', () => {
    expect(needsRelaunch(wanted, { ...wanted, TF_CPP_MIN_LOG_LEVEL: '0' })).toBe(false);
  });
});
