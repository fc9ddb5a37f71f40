import { temporaryFolder } from '@langevin/testing';
import { langevinJson } from './testing/run-langevin.js';
import { fileDigests, startClusterWithDigits, type JobReport } from './testing/test-cluster.js';
import { writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(300_000);

const precisions = ['fp32', 'bf16'] as const;

interface Trained {
  readonly job: JobReport;
  readonly files: Readonly<Record<string, string>>;
}

/** The same job in every precision, one after the other on one cluster. */
async function train(trainers: number, threads: number): Promise<Record<(typeof precisions)[number], Trained>> {
  await using folder = await temporaryFolder();
  await using cluster = await startClusterWithDigits(folder.path, trainers, ['--threads', String(threads)]);
  const results: [string, Trained][] = [];
  for (const precision of precisions) {
    const name = `tiny-${precision}`;
    const spec = writeTinyJob(folder.path, { name, trainers, precision });
    const job = await langevinJson<JobReport>(['job', 'submit', spec, '--data-dir', folder.path, '--wait']);
    results.push([precision, { job, files: await fileDigests(folder.path, name, 6) }]);
  }
  const end = await cluster.stop();
  expect(end.code).toBe(0);
  return Object.fromEntries(results) as Awaited<ReturnType<typeof train>>; // One entry a precision.
}

describe('one job on clusters of different sizes', () => {
  let alone: Awaited<ReturnType<typeof train>>;

  beforeAll(async () => {
    alone = await train(1, 1);
  });

  it.each(precisions)('trains on one trainer in %s', (precision) => {
    const { job, files } = alone[precision];
    expect(job).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: '6', checkpoints: '2', trainers: ['trainer-1'] });
    expect(job.weightsSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(job.loss).toBeGreaterThan(0);
    expect(Object.keys(files).sort()).toEqual(['ema.safetensors', 'optimizer.safetensors', 'weights.safetensors']);
    expect(files['weights.safetensors']).toBe(job.weightsSha256);
  });

  it('learns almost the same in both precisions, and not the same', () => {
    expect(alone.bf16.job.weightsSha256).not.toBe(alone.fp32.job.weightsSha256);
    expect(Math.abs(alone.bf16.job.loss / alone.fp32.job.loss - 1)).toBeLessThan(0.02);
  });

  it.each([
    [1, 2],
    [2, 3],
    [3, 1],
    [5, 1],
  ])('gives the same loss, weights, averages and moments, bit for bit, on %i trainers with %i threads, in both precisions', async (trainers, threads) => {
    const trained = await train(trainers, threads);
    for (const precision of precisions) {
      const { job, files } = trained[precision];
      expect(job.phase).toBe('JOB_PHASE_SUCCEEDED');
      expect([...job.trainers].sort()).toEqual(Array.from({ length: trainers }, (_, index) => `trainer-${index + 1}`));
      expect(job.weightsSha256).toBe(alone[precision].job.weightsSha256);
      expect(job.loss).toBe(alone[precision].job.loss);
      expect(files).toEqual(alone[precision].files);
    }
  });
});
