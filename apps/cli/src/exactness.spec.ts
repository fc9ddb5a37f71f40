import { temporaryFolder } from '@langevin/testing';
import { langevinJson } from './testing/run-langevin.js';
import { fileDigests, startClusterWithDigits, type JobReport } from './testing/test-cluster.js';
import { writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(300_000);

interface Trained {
  readonly job: JobReport;
  readonly files: Readonly<Record<string, string>>;
}

async function train(trainers: number): Promise<Trained> {
  await using folder = await temporaryFolder();
  await using cluster = await startClusterWithDigits(folder.path, trainers);
  const spec = writeTinyJob(folder.path, { trainers });
  const job = await langevinJson<JobReport>(['job', 'submit', spec, '--data-dir', folder.path, '--wait']);
  const end = await cluster.stop();
  expect(end.code).toBe(0);
  return { job, files: await fileDigests(folder.path, 'tiny', 6) };
}

describe('one job on clusters of different sizes', () => {
  let alone: Trained;

  beforeAll(async () => {
    alone = await train(1);
  });

  it('trains on one trainer', () => {
    expect(alone.job).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: '6', checkpoints: '2', trainers: ['trainer-1'] });
    expect(alone.job.weightsSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(alone.job.loss).toBeGreaterThan(0);
    expect(Object.keys(alone.files).sort()).toEqual(['ema.safetensors', 'optimizer.safetensors', 'weights.safetensors']);
    expect(alone.files['weights.safetensors']).toBe(alone.job.weightsSha256);
  });

  it.each([2, 3, 5])('gives the same loss, weights, averages and moments, bit for bit, on %i trainers', async (trainers) => {
    const { job, files } = await train(trainers);
    expect(job.phase).toBe('JOB_PHASE_SUCCEEDED');
    expect([...job.trainers].sort()).toEqual(Array.from({ length: trainers }, (_, index) => `trainer-${index + 1}`));
    expect(job.weightsSha256).toBe(alone.job.weightsSha256);
    expect(job.loss).toBe(alone.job.loss);
    expect(files).toEqual(alone.files);
  });
});
