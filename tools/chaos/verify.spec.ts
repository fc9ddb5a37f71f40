import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { startProcess, temporaryFolder } from '@langevin/testing';
import { ownerOf, parseFacts } from './facts.mjs';
import { p99 } from './fault-times.mjs';
import { ownSampleAt } from './own-sample-order.mjs';
import { productOrder } from './product-order.mjs';
import { files, syntheticRun, writeSyntheticRun } from './testing/synthetic-run.mjs';
import { isGood, verifyFolder } from './verify-folder.mjs';

type SampleAt = (order: { seed: number; samples: number; globalBatch: number }, step: number, slot: number) => unknown;

let sampleAt: SampleAt;
beforeAll(async () => {
  sampleAt = (await productOrder()) as SampleAt; // Specs run from sources: it is there.
});

type Fact = Record<string, unknown> & { type: string; step: number; subtrees: { first: number; leaves: number; trainer: string }[] };
type Books = Record<string, Fact[]>;

async function reportOf(defect: (books: Books) => void = () => undefined) {
  await using folder = await temporaryFolder();
  writeSyntheticRun(folder.path, defect as Parameters<typeof writeSyntheticRun>[1]);
  return verifyFolder(folder.path, sampleAt);
}

const find = (facts: Fact[] | undefined, type: string, step: number): Fact => facts!.find((fact) => fact.type === type && fact.step === step)!;

describe('verify', () => {
  it('is content with a run in which a trainer and the coordinator were killed', async () => {
    const report = await reportOf();
    expect(report).toEqual({
      identical: true,
      lostSamples: 0,
      duplicatedSamples: 0,
      faults: 2,
      withoutEffect: 0,
      losses: 1,
      recomputedLeaves: 4,
      detectMsP99: { sigkill: 40 },
      resumeMsP99: 50,
      coordinatorBackMsP99: 1500,
      unnoticed: {},
      steps: 9,
      // Two epochs of 50, the second cut short by one step, and each with a padded tail.
      samples: 50 + 50 + 16,
      jobs: 1,
      problems: [],
    });
    expect(isGood(report)).toBe(true);
  });

  const defects: [what: string, code: string, defect: (books: Books) => void, more?: object][] = [
    ['a lost sample: a subtree that is in no trainer', 'lost-leaf', (books) => void find(books[files.first], 'applied', 6).subtrees.pop(), { lostSamples: 8, duplicatedSamples: 0 }],
    [
      'a doubled sample: a subtree added twice',
      'doubled-leaf',
      (books) => find(books[files.first], 'applied', 6).subtrees.push({ first: 6, leaves: 1, trainer: 'trainer-1' }),
      { lostSamples: 0, duplicatedSamples: 2 },
    ],
    ['a subtree that nobody computed', 'not-computed', (books) => void (books[files.first] = books[files.first]!.filter(({ type, step, first }) => !(type === 'computed' && step === 6 && first === 4)))],
    ['a subtree of a trainer that did not compute it', 'not-computed', (books) => (find(books[files.first], 'applied', 6).subtrees[1]!.trainer = 'trainer-2')],
    ['leaves that the job does not have', 'no-such-leaf', (books) => (find(books[files.first], 'applied', 6).subtrees[1]!.leaves = 8), { lostSamples: 8 }],
    ['a step committed twice by one coordinator', 'committed-twice', (books) => books[files.coordinator]!.push(find(books[files.coordinator], 'committed', 3))],
    ['a step committed again by a successor, though later ones stood', 'committed-twice', (books) => books[files.successor]!.unshift(find(books[files.coordinator], 'committed', 6))],
    ['a step that was never committed', 'missing-commit', (books) => void (books[files.coordinator] = books[files.coordinator]!.filter(({ type, step }) => !(type === 'committed' && step === 4)))],
    ['a step too many', 'extra-commit', (books) => books[files.successor]!.push({ ...find(books[files.successor], 'committed', 9), step: 10 })],
    ['an early apply', 'early-apply', (books) => (find(books[files.second], 'applied', 3).us = 3150)],
    [
      'an apply with no commit at all',
      'applied-uncommitted',
      (books) => {
        for (const file of [files.coordinator, files.successor]) books[file] = books[file]!.filter(({ type, step }) => !(type === 'committed' && step === 7));
      },
    ],
    ['a step applied twice', 'applied-twice', (books) => books[files.second]!.push(find(books[files.second], 'applied', 4))],
    ['a state that differs between trainers', 'diverged', (books) => (find(books[files.second], 'applied', 2).state = 'f'.repeat(64)), { identical: false }],
    [
      'a state that differs from the undisturbed run',
      'not-identical',
      (books) => {
        for (const file of [files.first, files.second]) find(books[file], 'applied', 2).state = 'e'.repeat(64);
      },
      { identical: false },
    ],
    ['a chain that forks between trainers', 'fork', (books) => (find(books[files.second], 'applied', 4).chain = 'd'.repeat(64))],
    ['a chain that forks between coordinators', 'fork', (books) => (find(books[files.successor], 'committed', 7).chain = 'd'.repeat(64))],
    [
      'the loss of a trainer to which nothing was done, though the coordinator was struck',
      'false-suspicion',
      (books) => books[files.successor]!.push({ type: 'lost', trainer: 'trainer-1', why: 'silence', detectedAtMs: 3100 } as unknown as Fact),
    ],
    ['a state that nobody noted', 'no-state', (books) => void (books[files.first] = books[files.first]!.filter(({ type, step }) => !(type === 'applied' && step === 8)))],
  ];

  it.each(defects)('turns red on %s', async (_what, code, defect, more = {}) => {
    const report = await reportOf(defect);
    expect(report.problems.map((problem) => problem.code)).toContain(code);
    expect(report).toMatchObject(more);
    expect(isGood(report)).toBe(false);
  });

  it('takes what all trainers lost, and what was committed anew after that, for one run', async () => {
    const codes = async (appliedAfterUs: number) => {
      const report = await reportOf((books) => {
        const [commits, mine] = [books[files.successor]!, books[files.first]!];
        // On from the checkpoint at step 7: the steps 8 and 9 come again, on trainers that were started anew.
        const again = [8, 9].flatMap((step) => [{ ...find(commits, 'committed', step), us: 20_000 + 1000 * step }]);
        commits.push({ type: 'reopened', job: 'tiny', step: 7, us: 20_000 } as unknown as Fact, ...again);
        books['trainer-3-cccccccc.jsonl'] = mine
          .filter(({ step, type }) => step > 7 && ['computed', 'applied'].includes(type))
          .map((fact) => ({ ...fact, us: 20_000 + 1000 * fact.step + appliedAfterUs }));
      });
      return report.problems.map(({ code }) => code);
    };
    expect(await codes(100)).toEqual([]);
    expect(await codes(-100)).toEqual(['early-apply', 'early-apply']);
  });

  it('turns red on a leaf that two made of different samples, though only one came to be in the result', async () => {
    const codes = async (...samples: number[][]) => {
      const report = await reportOf((books) => {
        samples.forEach((own) => books[files.second]!.push({ type: 'computed', job: 'tiny', step: 7, first: 0, leaves: 1, samples: [own] } as unknown as Fact));
      });
      return report.problems.map(({ code }) => code);
    };
    expect(await codes([1, 2], [1, 2])).toEqual([]);
    expect(await codes([1, 2], [1, 3])).toEqual(['other-samples']);
  });

  it('lets a trainer that was given a state of before apply a step again', async () => {
    const report = await reportOf((books) => books[files.second]!.push({ type: 'joined', job: 'tiny', step: 3 } as unknown as Fact, find(books[files.second], 'applied', 4)));
    expect(report.problems).toEqual([]);
  });

  it('lets a trainer that was alone in a step apply it before the coordinator has heard of it', async () => {
    const members = [1, 2].map((n) => ({ trainerId: `t${n}`, name: `trainer-${n}`, incarnation: '' }));
    const early = async (us: number, ...planned: string[]) => {
      const report = await reportOf((books) => {
        find(books[files.second], 'applied', 3).us = 3150;
        books[files.coordinator]!.push({ type: 'begun', job: 'tiny', step: 3, generation: 1, us, members, shares: planned.map((trainerId) => ({ trainerId, subtrees: [] })) } as unknown as Fact);
      });
      return report.problems.map(({ code }) => code);
    };
    expect(await early(3100, 't2', 't1')).toContain('early-apply');
    expect(await early(3100, 't1')).toContain('early-apply');
    expect(await early(3160, 't2')).toContain('early-apply');
    expect(await early(3100, 't2')).not.toContain('early-apply');
  });

  it('finds in the plans of the coordinator what the trainers leave out', async () => {
    const told = await reportOf();
    const share = (trainerId: string, first: number) => ({ trainerId, subtrees: [{ first, leaves: 4 }] });
    const members = [1, 2].map((n) => ({ trainerId: `t${n}`, name: `trainer-${n}`, incarnation: '' }));
    const report = await reportOf((books) => {
      const plans = books[files.coordinator]!;
      for (let step = 1; step <= 9; step++) plans.push({ type: 'begun', job: 'tiny', step, generation: 1, members, shares: [share('t1', 0), share(step <= 5 ? 't2' : 't1', 4)] } as unknown as Fact);
      plans.push({ type: 'begun', job: 'tiny', step: 5, generation: 2, members, shares: [share('t1', 0), share('t1', 4)] } as unknown as Fact);
      books[files.coordinator] = plans.filter(({ type }) => type !== 'resumed').map((fact) => (fact.type === 'lost' ? { type: 'lost', trainer: 't2', atMs: 1040 } as unknown as Fact : fact));
      for (const file of [files.first, files.second]) {
        books[file] = books[file]!.filter(({ type }) => type !== 'recomputed').map(({ subtrees: _left, ...fact }) => (fact.step === 5 && fact['first'] === 4 ? { ...fact, atMs: 1090 } : fact) as unknown as Fact);
      }
    });
    expect(report).toEqual(told);
  });

  it('tells a few problems of a kind and counts the others', async () => {
    const report = await reportOf((books) => {
      for (const fact of books[files.first]!) if (fact.type === 'applied') fact.state = 'a';
    });
    expect(report.problems.filter(({ code }) => code === 'not-identical').map(({ text }) => text)).toEqual([...new Array<unknown>(5).fill(expect.stringMatching(/^after step/)), 'and 4 more of this kind']);
  });

  it('is a program that says it with its exit code', async () => {
    await using folder = await temporaryFolder();
    const run = async () => {
      await using program = await startProcess(process.execPath, [join(__dirname, 'verify.mjs'), folder.path, '--json']);
      const { code } = await program.exited;
      return { code, report: JSON.parse(program.stdout()) as { problems: { code: string }[] } };
    };
    writeSyntheticRun(folder.path);
    expect((await run()).code).toBe(0);
    // A line that was being written when its process was killed says nothing.
    appendFileSync(join(folder.path, 'ledger', files.second), '{"type":"applied","job":"ti');
    expect((await run()).code).toBe(0);
    appendFileSync(join(folder.path, 'ledger', files.second), `ny","step":4,"chain":"x","state":"y"}\n`);
    const { code, report } = await run();
    expect([code, report.problems.map((problem) => problem.code)]).toEqual([1, expect.arrayContaining(['fork', 'applied-twice', 'diverged'])]);
  });
});

describe('the ledger', () => {
  it('names what is wrong with a fact', () => {
    expect(() => parseFacts('{"type":"committed","job":"a","step":"1","chain":"x"}\n')).toThrow('a fact "committed" has step "1", which is no number');
    expect(parseFacts('{"type":"of the future"}\n')).toEqual([]);
  });

  it('knows whose file it is', () => {
    expect(ownerOf('trainer-2-00000004-0000-4000-8000-000000000000.jsonl')).toEqual({ name: 'trainer-2', incarnation: '00000004-0000-4000-8000-000000000000' });
    expect(ownerOf('coordinator.jsonl')).toEqual({ name: 'coordinator', incarnation: '' });
  });
});

describe('the second implementation of the order of samples', () => {
  it('agrees with libs/datasets', () => {
    const order = { seed: fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), samples: fc.integer({ min: 1, max: 5000 }), globalBatch: fc.integer({ min: 1, max: 64 }) };
    fc.assert(
      fc.property(fc.record(order), fc.integer({ min: 1, max: 100_000 }), fc.nat(), (job, step, at) => {
        expect(ownSampleAt(job, step, at % job.globalBatch)).toEqual(sampleAt(job, step, at % job.globalBatch));
      }),
      { seed: 7, numRuns: 60 },
    );
    expect(syntheticRun.samples % (syntheticRun.virtualWorkers * syntheticRun.microBatch)).not.toBe(0);
  });

  it('takes the rank that is nearest for a percentile', () => {
    expect([p99([]), p99([3]), p99(Array.from({ length: 200 }, (_, i) => i + 1))]).toEqual([null, 3, 198]);
  });
});
