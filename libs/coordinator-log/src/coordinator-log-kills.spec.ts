import { join } from 'node:path';
import { startProcess, temporaryFolder } from '@langevin/testing';
import { CoordinatorLog } from './coordinator-log.js';

const kills = 50;
const seed = 7;
const hook = join(__dirname, 'testing/typescript-hook.cjs');
const script = join(__dirname, 'testing/append-until-killed.cjs');

interface Written {
  readonly n?: number;
  readonly upTo?: number;
}

/** Numbers from 0 to 1, the same ones for a seed (Park and Miller, 1988). */
function numbers(start: number): () => number {
  let state = start;
  return () => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
}

describe('a log whose writer is killed', () => {
  it(`has every acknowledged record after each of ${kills} kills, in order and once (seed ${seed})`, async () => {
    await using folder = await temporaryFolder();
    const random = numbers(seed);
    let before = 0;
    let compactions = 0;
    for (let round = 0; round < kills; round++) {
      await using writer = await startProcess(process.execPath, ['--conditions=@langevin/source', '-r', hook, script, folder.path, String(round)]);
      await writer.waitForLine(/^appending from/, 120_000);
      // The moment is random, and nothing that the test expects depends on it.
      const until = process.hrtime.bigint() + BigInt(Math.floor(random() * 60_000)) * 1000n;
      await writer.waitForLine(new RegExp(`^acknowledged ${before + 1 + Math.floor(random() * 40)}$`));
      while (process.hrtime.bigint() < until);
      writer.signal('SIGKILL');
      expect(await writer.exited).toEqual({ code: null, signal: 'SIGKILL' });

      const acknowledged = [...writer.stdout().matchAll(/^acknowledged (\d+)$/gm)].map(([, n]) => Number(n));
      compactions += [...writer.stdout().matchAll(/^compacted$/gm)].length;
      const warnings: string[] = [];
      const { log, records } = CoordinatorLog.open(folder.path, { warn: (line) => warnings.push(line) });
      await log.close();
      const [first, ...rest] = records as Written[]; // The writer writes nothing else.
      const start = first?.upTo ?? first!.n! - 1;
      const found = (first?.upTo === undefined ? [first!, ...rest] : rest).map(({ n }) => n);
      expect(found).toEqual(Array.from(found, (_, i) => start + 1 + i));
      expect(acknowledged).toEqual(Array.from(acknowledged, (_, i) => before + 1 + i));
      const newest = start + found.length;
      expect([acknowledged.at(-1), acknowledged.at(-1)! + 1]).toContain(newest);
      before = newest;
    }
    expect(compactions).toBeGreaterThan(10);
  }, 600_000);
});
