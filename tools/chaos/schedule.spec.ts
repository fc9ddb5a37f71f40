import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@langevin/testing';
import { faultKinds, phases } from './faults.mjs';
import { LedgerTail } from './ledger-tail.mjs';
import { PhaseWatcher } from './phases.mjs';
import { cells, coverageTable, missedCells, schedule, seedsOfACycle } from './schedule.mjs';

const trainers = ['trainer-1', 'trainer-2', 'trainer-3'];
const of = (seed: number, faults = 20, isTls = true) => schedule({ seed, faults, trainers, isTls });
const faultsOf = (seed: number) => of(seed).flatMap((strike) => strike.faults);

describe('a schedule of faults', () => {
  it('follows from its seed', () => {
    expect(of(7)).toEqual(of(7));
    expect(of(7)).not.toEqual(of(8));
    expect(faultsOf(7)).toHaveLength(20);
  });

  it.each([5, 20])('aims at every kind in every phase over any seeds of a cycle that follow one another, %i faults each', (faults) => {
    const cycle = seedsOfACycle(faults);
    expect(cycle).toBe({ 5: 21, 20: 7 }[faults]);
    for (const first of [0, 35, 500_003]) {
      const aimed = Array.from({ length: cycle }, (_, i) => of(first + i, faults).map((strike) => strike.faults[0]!)).flat();
      expect(missedCells(aimed.map(({ kind, phase }) => ({ type: 'fault', kind, aimed: phase })), 'aimed')).toEqual([]);
    }
    expect(cells).toHaveLength(Object.keys(faultKinds).length * phases.length);
  });

  it('aims at the same cells with every seed at the same place of a cycle, whatever it draws', () => {
    const aimedBy = (seed: number) => of(seed, 5).map(({ faults }) => `${faults[0]!.kind}/${faults[0]!.phase}`);
    expect(aimedBy(3 + 21 * 99)).not.toEqual(aimedBy(3));
    expect(aimedBy(3 + 21 * 99).sort()).toEqual(aimedBy(3).sort());
    expect(aimedBy(4).sort()).not.toEqual(aimedBy(3).sort());
  });

  it('harms no link over which nobody fetches yet', () => {
    const joining = Array.from({ length: 60 }, (_, seed) => faultsOf(seed)).flat().filter(({ phase, plane }) => phase === 'joining' && plane !== undefined);
    expect(joining.length).toBeGreaterThan(50);
    expect(joining.filter(({ plane }) => plane === 'data')).toEqual([]);
  });

  it('brings two faults in one step, never to the same victim: one trainer of three always lives', () => {
    for (let seed = 0; seed < 200; seed++) {
      const pairs = of(seed).filter(({ faults }) => faults.length === 2);
      expect(pairs.length).toBeGreaterThanOrEqual(3);
      for (const { faults } of pairs) expect(new Set(faults.map(({ victim }) => victim)).size).toBe(2);
    }
  });

  it('corrupts no control message that has no checksum: without TLS only what is fetched', () => {
    const planes = Array.from({ length: 60 }, (_, seed) => of(seed, 20, false).flatMap(({ faults }) => faults))
      .flat()
      .filter(({ kind }) => kind === 'corrupt')
      .map(({ plane }) => plane);
    expect(new Set(planes)).toEqual(new Set(['data']));
  });

  it('shows what was hit, and what was not', () => {
    const strikes = [{ type: 'fault', kind: 'sigkill', landed: 'prepared' }];
    expect(coverageTable(strikes).slice(0, 2)).toEqual([
      '           computing  exchanging  agreeing  prepared  committing  checkpointing  joining',
      'sigkill            ·           ·         ·         1           ·              ·        ·',
    ]);
    expect(missedCells(strikes)).toHaveLength(cells.length - 1);
  });
});

describe('the phase of a step', () => {
  function watched() {
    const stored = new Set<number>();
    const watcher = new PhaseWatcher({ virtualWorkers: 8, everySteps: 4, isCheckpointStored: (_job: string, step: number) => stored.has(step) });
    for (const name of ['a', 'b']) watcher.started(name);
    watcher.follow('tiny');
    const note = (name: string, type: string, step: number, more: object = {}) => watcher.fact(name, { type, job: 'tiny', step, ...more });
    return { watcher, stored, note };
  }

  it('is known from what was noted', () => {
    const { watcher, stored, note } = watched();
    const seen: (string | null)[] = [];
    const look = () => seen.push([watcher.phaseOf('a'), watcher.phaseOf('coordinator')].join('/'));
    look();
    note('a', 'computed', 1, { first: 0, leaves: 4 });
    look();
    note('b', 'computed', 1, { first: 4, leaves: 4 });
    look();
    note('a', 'prepared', 1);
    look();
    note('coordinator', 'committed', 1);
    look();
    note('a', 'applied', 1);
    look();
    expect(seen).toEqual(['computing/computing', 'exchanging/exchanging', 'agreeing/agreeing', 'prepared/prepared', 'committing/committing', 'computing/committing']);
    note('coordinator', 'committed', 4);
    note('a', 'applied', 4);
    expect(watcher.phaseOf('a')).toBe('checkpointing');
    stored.add(4);
    expect(watcher.phaseOf('a')).toBe('computing');
    watcher.started('a');
    expect([watcher.phaseOf('a'), watcher.phaseOf('coordinator'), watcher.phaseOf('nobody')]).toEqual(['joining', 'joining', null]);
  });

  it('is waited for, and not for ever', async () => {
    const { watcher, note } = watched();
    const there = watcher.until('a', 'exchanging', 2, 2000);
    note('a', 'computed', 1, { first: 0, leaves: 4 });
    note('coordinator', 'committed', 2);
    note('a', 'applied', 2);
    note('a', 'computed', 3, { first: 0, leaves: 4 });
    expect(await there).toBe(true);
    expect(await watcher.until('a', 'joining', 0, 10)).toBe(false);
    expect(await watcher.until('a', 'joining', 0, 60_000, AbortSignal.timeout(5))).toBe(false);
  });

  it('is told of each line of a ledger once, as soon as it is whole', async () => {
    await using folder = await temporaryFolder();
    const heard: string[] = [];
    const tail = new LedgerTail(folder.path, (name: string, fact: { step: number }) => heard.push(`${name} ${fact.step}`));
    const file = join(folder.path, 'trainer-1-aaaaaaaa.jsonl');
    const line = (step: number) => `${JSON.stringify({ type: 'prepared', job: 'tiny', step })}\n`;
    appendFileSync(file, line(1) + line(2).slice(0, 9));
    const deadline = performance.now() + 3000;
    while (heard.length < 1 && performance.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 2));
    expect(heard).toEqual(['trainer-1 1']);
    appendFileSync(file, line(2).slice(9) + line(3));
    tail.close();
    expect(heard).toEqual(['trainer-1 1', 'trainer-1 2', 'trainer-1 3']);
  });
});
