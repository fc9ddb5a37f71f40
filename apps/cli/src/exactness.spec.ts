import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { langevinJson } from './testing/run-langevin.js';
import { fileDigests, reachesStep, startCluster, startClusterWithDigits, until, type JobReport, type TestCluster } from './testing/test-cluster.js';
import { TestTrainers, type TestTrainerOptions } from './testing/test-trainers.js';
import { writeTinyJob, type TinyJobOptions } from './testing/tiny-job.js';

jest.setTimeout(300_000);

const precisions = ['fp32', 'bf16'] as const;
/** Long enough for a trainer to be lost, and to come back. */
const disturbedSteps = 30;

interface Trained {
  readonly job: JobReport;
  readonly files: Readonly<Record<string, string>>;
}

let folder: TemporaryFolder;
let cluster: TestCluster;
let trainers: TestTrainers;
/** What one trainer with one thread makes of the job in each precision, and of the longer one. */
let alone: Record<(typeof precisions)[number] | 'long', Trained>;

const log = (): string => readFileSync(join(folder.path, 'logs/coordinator.log'), 'utf8');

/** Trains to the end. The name of a job changes no weight. */
async function train(options: TinyJobOptions & { readonly name: string }): Promise<Trained> {
  const job = await langevinJson<JobReport>(['job', 'submit', writeTinyJob(folder.path, options), '--data-dir', folder.path, '--wait']);
  return { job, files: await fileDigests(folder.path, options.name, options.steps ?? 6) };
}

function expectSame({ job, files }: Trained, expected: Trained): void {
  expect(job.phase).toBe('JOB_PHASE_SUCCEEDED');
  expect([...job.trainers].sort()).toEqual(trainers.names);
  expect(job.weightsSha256).toBe(expected.job.weightsSha256);
  expect(job.loss).toBe(expected.job.loss);
  expect(files).toEqual(expected.files);
}

beforeAll(async () => {
  folder = await temporaryFolder();
  cluster = await startClusterWithDigits(folder.path, 0);
  trainers = new TestTrainers(cluster);
  await trainers.start('alone');
  const fp32 = await train({ name: 'alone-fp32' });
  alone = { fp32, bf16: await train({ name: 'alone-bf16', precision: 'bf16' }), long: await train({ name: 'alone-long', steps: disturbedSteps }) };
  expect(await trainers.stop()).toEqual([0]);
});
afterAll(async () => {
  await trainers[Symbol.asyncDispose]();
  await cluster[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe('one job on one trainer', () => {
  it.each(precisions)('is trained in %s', (precision) => {
    const { job, files } = alone[precision];
    expect(job).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: '6', checkpoints: '2', trainers: ['alone'] });
    expect(job.weightsSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(job.loss).toBeGreaterThan(0);
    expect(Object.keys(files).sort()).toEqual(['ema.safetensors', 'optimizer.safetensors', 'weights.safetensors']);
    expect(files['weights.safetensors']).toBe(job.weightsSha256);
  });

  it('learns almost the same in both precisions, and not the same', () => {
    expect(alone.bf16.job.weightsSha256).not.toBe(alone.fp32.job.weightsSha256);
    expect(Math.abs(alone.bf16.job.loss / alone.fp32.job.loss - 1)).toBeLessThan(0.02);
  });
});

describe('more and more trainers', () => {
  afterAll(async () => expect(new Set(await trainers.stop())).toEqual(new Set([0])));

  it.each([
    [1, 2],
    [2, 3],
    [3, 1],
    [5, 1],
    [8, 1],
  ])('give the same loss, weights, averages and moments, bit for bit: %i, of which the last have %i threads, in both precisions and by both exchanges', async (count, threads) => {
    for (let index = trainers.names.length; index < count; index++) await trainers.start(`trainer-${index}`, { threads });
    for (const precision of precisions) expectSame(await train({ name: `${count}-${precision}`, trainers: count, precision }), alone[precision]);
    expectSame(await train({ name: `${count}-coordinator`, trainers: count, exchange: 'coordinator' }), alone.fp32);
  });
});

/** Kills a trainer of a job and starts it anew, and stops another until it is missed. */
async function disturb(job: string, options: TestTrainerOptions): Promise<void> {
  const losses = (): number => log().match(/trainer "stopped" \(t\d+\) lost/g)?.length ?? 0;
  await reachesStep(cluster, job, 3);
  await trainers.kill('killed');
  await reachesStep(cluster, job, 5);
  const before = losses();
  trainers.signal('stopped', 'SIGSTOP');
  // Those that are left are not enough: the job waits.
  const again = await trainers.start('killed', options);
  await again.waitForLine(/joins while it runs/);
  await until(() => losses() > before, 'the loss of the one that is stopped');
  trainers.signal('stopped', 'SIGCONT');
}

async function trainDisturbed(job: TinyJobOptions & { readonly name: string }, options: TestTrainerOptions): Promise<Trained> {
  const [trained] = await Promise.all([train({ ...job, steps: disturbedSteps, trainers: trainers.names.length - 1 }), disturb(job.name, options)]);
  return trained;
}

/** At least three trainers that reach each other in one way only. */
function startAll(count: number, options: TestTrainerOptions): Promise<unknown> {
  const steady = Array.from({ length: count - 2 }, (_, index) => `steady-${index + 1}`);
  return Promise.all([...steady, 'killed', 'stopped'].map((name) => trainers.start(name, options)));
}

/** Where the only way is barred, gradients go through the coordinator. */
function expectDirect(): void {
  expect(log()).not.toContain('from now on the coordinator reduces');
}

describe('trainers that reach each other in one way', () => {
  afterEach(() => trainers[Symbol.asyncDispose]());

  it.each([
    ['shm', 3],
    ['tcp', 5],
    ['grpc', 8],
  ] as const)('end with the same, bit for bit, over %s, also when they are killed and stopped: %i of them', async (transport, count) => {
    await startAll(count, { transport });
    expectSame(await train({ name: transport, trainers: count }), alone.fp32);
    expectSame(await trainDisturbed({ name: `${transport}-disturbed` }, { transport }), alone.long);
    expectDirect();
  });

  it('end with the same, bit for bit, when the coordinator adds, also when they are killed and stopped', async () => {
    await startAll(3, {});
    expectSame(await trainDisturbed({ name: 'coordinator-disturbed', exchange: 'coordinator' }, {}), alone.long);
  });

  it('end with the same, bit for bit, with TLS', async () => {
    await cluster.stop();
    const tls = join(folder.path, 'tls');
    const { issueCertificate } = await import('@langevin/certificates');
    await issueCertificate({ folder: tls, hosts: [], days: 30, now: new Date() });
    cluster = await startCluster(folder.path, 0, ['--tls', tls]);
    trainers = new TestTrainers(cluster);
    for (const transport of ['tcp', 'grpc'] as const) {
      await startAll(3, { transport, tls });
      expectSame(await train({ name: `${transport}-tls`, trainers: 3 }), alone.fp32);
      await trainers.stop();
    }
    expectDirect();
  });
});
