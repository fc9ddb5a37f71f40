import { summarize } from '../mutate/summarize.mjs';

const mutant = (status: string) => ({
  status,
  fileName: '/somewhere/libs/diffusion-core/src/rng/philox.ts',
  location: { start: { line: 3, column: 7 } },
  mutatorName: 'BlockStatement',
  replacement: '{\n}',
});

describe('summarize', () => {
  it('counts what hangs beside what a spec killed, what no test reaches as a survivor, and what Stryker was told to leave alone not at all', () => {
    const summary = summarize('rng', ['Killed', 'Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored', 'CompileError'].map(mutant));
    expect(summary).toMatchObject({ folder: 'rng', killed: 2, timedOut: 1, total: 5, percent: 60 });
    expect(summary.survivors.map((survivor: { status: string }) => survivor.status)).toEqual(['Survived', 'NoCoverage']);
    expect(summary.survivors[0]).toMatchObject({ file: 'rng/philox.ts', line: 3, column: 7, mutator: 'BlockStatement', replacement: '{ }' });
  });

  it('has all of none', () => {
    expect(summarize('rng', [])).toMatchObject({ killed: 0, total: 0, percent: 100, survivors: [] });
  });
});
