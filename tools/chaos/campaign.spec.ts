import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@langevin/testing';
import { campaign } from './campaign.mjs';
import { readOptions, replayCommand } from './options.mjs';
import { productOrder } from './product-order.mjs';
import { fakeProduct } from './testing/fake-product.mjs';
import { isGood, verifyFolder } from './verify-folder.mjs';

jest.setTimeout(120_000);

/** A campaign against the fake product, and the verdict on it. */
async function struck(options: { seed: number; faults: number; defect?: string }) {
  await using folder = await temporaryFolder();
  const said: string[] = [];
  const complaints = await campaign({
    product: fakeProduct(options.defect),
    folder: folder.path,
    seed: options.seed,
    faults: options.faults,
    trainers: 3,
    model: '8x8',
    steps: 40,
    everySteps: 10,
    isTls: false,
    say: (line: string) => void said.push(line),
  });
  const strikes = readFileSync(join(folder.path, 'strikes.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  return { complaints, strikes, said, report: verifyFolder(folder.path, await productOrder()) };
}

describe('a campaign of faults', () => {
  it('strikes real processes, and finds nothing where nothing is wrong', async () => {
    const { complaints, strikes, report } = await struck({ seed: 4, faults: 6 });
    expect({ complaints, problems: report.problems }).toEqual({ complaints: [], problems: [] });
    expect(report).toMatchObject({ identical: true, lostSamples: 0, duplicatedSamples: 0, faults: 6 });
    expect(isGood(report)).toBe(true);
    const faults = strikes.filter(({ type }) => type === 'fault');
    // What is aimed at is mostly hit.
    expect(faults.filter(({ aimed, landed }) => aimed === landed).length).toBeGreaterThanOrEqual(3);
  });

  it.each([
    ['early-apply', 'early-apply'],
    ['diverged', 'diverged'],
    ['lost-leaf', 'lost-leaf'],
    ['no-log', 'committed-twice'],
  ])('turns red on a product with the defect %s', async (defect, code) => {
    const { report } = await struck({ seed: 4, faults: 1, defect });
    expect(report.problems.map((problem) => problem.code)).toContain(code);
    expect(isGood(report)).toBe(false);
  });
});

describe('the options of chaos', () => {
  it('name what cannot be meant', () => {
    expect(() => readOptions(['--faults', '0'], () => 1)).toThrow('--faults 0 is no whole number from 1 on');
    expect(() => readOptions(['--model', '9x9'], () => 1)).toThrow('--model 9x9: choose 8x8, 8x8-wide, 8x8-tiny');
  });

  it('give the command that does the same again', () => {
    const options = readOptions(['--faults', '7', '--exchange', 'peers'], () => 11);
    const again = readOptions(replayCommand(options).split(' ').slice(4), () => 0);
    expect({ ...again, tls: '' }).toEqual({ ...options, tls: '' });
  });
});
