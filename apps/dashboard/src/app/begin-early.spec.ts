import { beginningOf } from './begin-early.js';

const at = (address: string) => beginningOf(new URL(address, 'http://localhost'));

describe('beginningOf', () => {
  it('asks for the curves of a run in the window of the address', () => {
    expect(at('/runs/digits')).toEqual({ programs: ['run', 'curves'], ask: '/api/v1/runs/digits/metrics?x=step&buckets=800&keys=loss%2ClearningRate%2CgradientNorm%2CimagesPerSecond' });
    expect(at('/runs/digits/?x=time&from=3&to=wrong').ask).toContain('/metrics?x=time&from=3&buckets=800');
    expect(at('/runs/digits/samples')).toEqual({ programs: ['run', 'samples'] });
  });

  it('asks for all runs of a comparison at once', () => {
    expect(at(`/compare?runs=${encodeURIComponent('["a","b"]')}&key=gradientNorm`)).toEqual({ programs: ['compare'], ask: '/api/v1/metrics?x=step&buckets=400&keys=gradientNorm&runs=a%2Cb' });
    expect(at('/compare')).toEqual({ programs: ['compare'] });
  });

  it.each([['/', 'runs'], ['/runs?q=x', 'runs'], ['/models', 'models'], ['/models/digits', 'model'], ['/nodes', 'nodes'], ['/submit?recipe=x', 'submit']])('begins %s with its page', (address, program) => {
    expect(at(address)).toEqual({ programs: [program] });
  });
});
