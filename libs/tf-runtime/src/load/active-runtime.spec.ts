import * as tf from '@tensorflow/tfjs-core';
import { activate, activeRuntime } from './active-runtime.js';

describe('activeRuntime', () => {
  it('is what was started last, and an error before', () => {
    expect(activeRuntime).toThrow(expect.objectContaining({ code: 'runtime_missing', message: expect.stringContaining('call loadTensorFlow first') }));
    for (const kind of ['wasm', 'cpu'] as const) {
      const runtime = activate({ tf, kind, backend: `${kind} 4.22.0`, fast: false });
      expect(activeRuntime()).toBe(runtime);
    }
  });
});
