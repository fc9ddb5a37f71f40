import { cpuInfo, parseCpuInfo } from './cpu-info.js';

const intel = `processor\t: 0
model name\t: Example Xeon(R) 8481C
flags\t\t: fpu sse sse4_2 avx512f fma avx avx2 amx_bf16
processor\t: 1
model name\t: Another
flags\t\t: fpu sve`;

describe('parseCpuInfo', () => {
  it('takes the first processor, with the instruction sets that matter, sorted', () => {
    expect(parseCpuInfo(intel)).toEqual({ model: 'Example Xeon(R) 8481C', isa: ['amx_bf16', 'avx', 'avx2', 'avx512f', 'fma', 'sse4_2'] });
  });

  it('reads the features of an ARM processor, which has no model name', () => {
    expect(parseCpuInfo('processor : 0\nFeatures : fp asimd sve bf16\n')).toEqual({ model: 'unknown', isa: ['asimd', 'bf16', 'sve'] });
  });
});

it('knows a model for this machine', () => {
  expect(cpuInfo().model).not.toBe('');
});
