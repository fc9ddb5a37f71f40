import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseJobSpec } from '@langevin/contracts';
import { DataFolder, DirectoryStore, openRun, readManifest } from '@langevin/registry';
import { freePort, temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { langevin, langevinJson, refusal, startLangevin, endOf } from './testing/run-langevin.js';
import { startCluster, startClusterWithDigits, until, type TestCluster } from './testing/test-cluster.js';
import { tinyJobYaml, writeTinyJob, type TinyJobOptions } from './testing/tiny-job.js';
import { commitCheckpoints } from './testing/tiny-store.js';

jest.setTimeout(240_000);

interface Line {
  readonly kind: string;
  readonly step: number;
  readonly time: string;
  readonly text?: string;
  readonly loss?: number;
}

let folder: TemporaryFolder;
let cluster: TestCluster;
const on = (): string[] => ['--data-dir', folder.path];
const submit = (options: TinyJobOptions = {}, ...more: string[]): Promise<unknown> => langevinJson(['job', 'submit', writeTinyJob(folder.path, options), ...more, ...on()]);
const logs = (...args: string[]): string[] => ['job', 'logs', ...args, ...on()];
const linesOf = (stdout: string): Line[] => stdout.trim().split('\n').map((line) => JSON.parse(line) as Line); // What the command under test prints.
const short = (lines: readonly Line[]): string => lines.map(({ kind, step }) => `${kind} ${step}`).join(', ');

beforeAll(async () => {
  folder = await temporaryFolder();
  cluster = await startClusterWithDigits(folder.path, 1);
});
afterAll(async () => {
  await cluster[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

describe('langevin job logs', () => {
  it('follows a job to its end, and shows the same afterwards', async () => {
    await submit();
    const followed = await langevin(logs('tiny', '-f', '--json'));
    expect(followed).toMatchObject({ code: 0, stderr: '' });
    const lines = linesOf(followed.stdout);
    expect(lines.filter(({ kind }) => kind !== 'queued' && kind !== 'starting').map(({ kind, step }) => `${kind} ${step}`).sort()).toEqual(
      ['checkpoint 3', 'checkpoint 6', 'progress 1', 'progress 2', 'progress 3', 'progress 4', 'progress 5', 'progress 6', 'started 0', 'succeeded 6'].sort(),
    );
    expect(short(lines.slice(-1))).toBe('succeeded 6');
    const kept = linesOf((await langevin(logs('tiny', '--json'))).stdout);
    expect(short(kept)).toBe('started 0, progress 1, progress 2, progress 3, checkpoint 3, progress 4, progress 5, progress 6, checkpoint 6, succeeded 6');
    for (const { time, loss, kind } of kept) expect([time, loss]).toEqual([expect.stringMatching(/^20\d\d-.*Z$/), kind === 'progress' ? expect.any(Number) : undefined]);
    const { stdout } = await langevin(logs('tiny', '--every', '4'));
    expect(stdout).toMatch(/^20\S+Z +0 {2}started +with trainer-1\n20\S+Z +3 {2}checkpoint +checkpoint [0-9a-f]{12}\n20\S+Z +4 {2}progress +loss [\d.]+ · gradient norm [\d.]+ · [\d.]+ images\/s\n/);
  });

  it('ends with the error of a job that failed', async () => {
    const file = join(folder.path, 'diverging.yaml');
    writeFileSync(file, tinyJobYaml({ name: 'diverging' }).replace('learningRate: 1e-3', 'learningRate: 1e30'));
    await langevinJson(['job', 'submit', file, ...on()]);
    const end = await langevin(logs('diverging', '--follow'));
    expect(end).toMatchObject({ code: 1, stdout: expect.stringMatching(/ failed +[^\n]+\n$/), stderr: expect.stringMatching(/^langevin: job "diverging" failed: [^\n]+\n$/) });
  });

  it('says what a job waits for, leaves it alone at Ctrl-C, and sees that it is cancelled', async () => {
    await submit({ name: 'patient', trainers: 2 });
    await using left = await startLangevin(logs('patient', '-f'));
    await left.waitForLine(/ 0 {2}queued +waiting: 1\/2 trainers ready$/);
    left.signal('SIGINT');
    expect(await endOf(left)).toMatchObject({ code: 130, stderr: 'langevin: stopped following; job "patient" goes on\n' });
    await using stayed = await startLangevin(logs('patient', '-f', '--json'));
    await stayed.waitForLine(/"kind":"queued"/);
    await langevin(['job', 'cancel', 'patient', ...on()]);
    const { code, stdout } = await endOf(stayed);
    expect([code, linesOf(stdout).at(-1)]).toEqual([0, expect.objectContaining({ kind: 'cancelled', step: 0, text: expect.stringContaining('on request') })]);
  });

  it.each([
    ['an unknown job', ['nobody'], 4, 'run_unknown', /^there is no run "nobody"/],
    ['an address without a coordinator', ['tiny', '--http-url', 'http://127.0.0.1:9'], 3, 'unavailable', /^no coordinator answers at http:\/\/127\.0\.0\.1:9 \(ECONNREFUSED\): start one/],
    ['what is no address', ['tiny', '--http-url', 'localhost'], 2, 'invalid_argument', /^--http-url localhost: give http:\/\/host:port or https:\/\/host:port$/],
  ])('refuses %s', async (_what, args, exitCode, code, says) => {
    const refused = await refusal(logs(...args));
    expect(refused).toMatchObject({ exitCode, code });
    expect(refused.message).toMatch(says);
  });
});

describe('langevin node ls', () => {
  it('lists trainers with what they compute with and where their time went', async () => {
    const { stdout } = await langevin(['node', 'ls', ...on()]);
    expect(stdout).toMatch(/^NAME +STATE +JOB +BACKEND +THREADS +WORKERS +MEMORY +COMPUTE +WAIT +EXCHANGE +SEEN\ntrainer-1 +idle +– +\S[^\n]+ \d+ +0 +\d+ MiB +\d+ ms +\d+ ms +\d+ ms +\d\.\d s ago\n$/);
    expect(await langevinJson(['node', 'ls', ...on()])).toMatchObject([{ name: 'trainer-1', state: 'idle', job: null, threads: availableParallelism(), stepMs: { compute: expect.any(Number) } }]);
  });

  it('speaks TLS, and says when nobody is there', async () => {
    await using other = await temporaryFolder();
    const { issueCertificate } = await import('@langevin/certificates');
    await issueCertificate({ folder: join(other.path, 'tls'), hosts: ['127.0.0.1'], days: 30, now: new Date() });
    await issueCertificate({ folder: join(other.path, 'foreign'), hosts: ['127.0.0.1'], days: 30, now: new Date() });
    const port = await freePort();
    await using secured = await startCluster(other.path, 0, ['--tls', join(other.path, 'tls'), '--http-port', String(port)]);
    const ls = ['node', 'ls', '--data-dir', other.path];
    expect(await langevin(ls)).toEqual({ code: 0, stdout: 'no trainer is attached: start one with `langevin trainer`\n', stderr: '' });
    const named = [...ls, '--coordinator', secured.address, '--http-url', `https://127.0.0.1:${port}`];
    expect(await langevinJson([...named, '--tls', join(other.path, 'tls')])).toEqual([]);
    expect(await refusal([...named, '--tls', join(other.path, 'foreign')])).toMatchObject({ exitCode: 5, code: 'unauthenticated', message: expect.stringMatching(/^the certificate of https:[^ ]+ is refused \(\w+\): [^\n]+ --tls$/) });
    await secured.stop();
    expect(await refusal(ls)).toMatchObject({ exitCode: 3, code: 'unavailable', message: expect.stringMatching(/^no coordinator runs on /) });
  });
});

describe('a coordinator that is started anew', () => {
  it('is found again by who follows a job, which goes on by itself', async () => {
    await submit({ name: 'long', steps: 4000, everySteps: 5 });
    await using following = await startLangevin(logs('long', '-f', '--json', '--every', '1'));
    await following.waitForLine(/"kind":"checkpoint"/, 60_000);
    // Whoever started it starts it anew.
    process.kill(new DataFolder(folder.path).coordinator()?.pid ?? 0, 'SIGKILL');
    await following.waitForLine(/"kind":"disconnected"/);
    await following.waitForLine(/"kind":"reconnected"/, 60_000);
    await following.waitForLine(/"kind":"resumed"/, 60_000);
    const before = linesOf(following.stdout()).length;
    await until(() => linesOf(following.stdout()).slice(before).some(({ kind }) => kind === 'checkpoint'), 'a checkpoint after the coordinator is back');
    await langevin(['job', 'cancel', 'long', ...on()]);
    const { code, stdout, stderr } = await endOf(following);
    expect([code, stderr]).toEqual([0, '']);
    const lines = linesOf(stdout);
    const kinds = lines.map(({ kind }) => kind).filter((kind) => !['progress', 'checkpoint', 'starting', 'queued'].includes(kind));
    expect(kinds).toEqual(['started', 'disconnected', 'reconnected', 'recovered', 'trainer-joined', 'resumed', 'cancelled']);
    // Each step once, and none missing.
    const resumed = lines.findIndex(({ kind }) => kind === 'resumed');
    const steps = lines.slice(resumed).flatMap(({ kind, step }) => (kind === 'progress' ? [step] : []));
    expect(steps).toEqual(Array.from({ length: steps.length }, (_, index) => (lines[resumed]?.step ?? 0) + 1 + index));
  });

  it('is given up when it does not come back in time', async () => {
    await submit({ name: 'waits', trainers: 2 });
    await using following = await startLangevin(logs('waits', '-f', '--patience', '1'));
    await following.waitForLine(/queued/);
    await cluster.stop();
    expect(await endOf(following)).toMatchObject({ code: 3, stderr: expect.stringMatching(/^langevin: nobody has trained job "waits" for 1 s: start a coordinator with `langevin up`, then `langevin job resume waits` [^\n]+\n$/) });
  });
});

describe('langevin run, without a coordinator', () => {
  it('lists the runs of the store', async () => {
    const { stdout } = await langevin(['run', 'ls', ...on()]);
    expect(stdout).toMatch(/^NAME +PHASE +STEP +LOSS +CHECKPOINTS +CREATED\n/);
    expect(stdout).toMatch(/^diverging +failed +\d+\/6 /m);
    expect(stdout).toMatch(/^long +cancelled +\d+\/4000 +[\d.]+ +\d+ +20\d\d-\d\d-\d\d \d\d:\d\d$/m);
    expect(stdout).toMatch(/^patient +– +0\/6 +– +0 +–$/m);
    expect(stdout).toMatch(/^tiny +succeeded +6\/6 +[\d.]+ +2 /m);
  });

  it('shows the log of a run that the store holds', async () => {
    expect((await langevin(logs('tiny'))).stdout).toMatch(/ started [^]* progress [^]* succeeded +[^\n]+\n$/);
    expect(await refusal(logs('nobody'))).toMatchObject({ exitCode: 4, code: 'run_unknown', message: expect.stringMatching(/; there is diverging, long, patient, tiny, waits$/) });
  });

  it('shows a run, its checkpoints, and what came of it', async () => {
    await langevinJson(['model', 'register', 'digits', '--run', 'tiny', '--step', '3', ...on()]);
    await langevinJson(['model', 'promote', 'digits', '1', '--alias', 'best', ...on()]);
    const { stdout } = await langevin(['run', 'show', 'tiny', ...on()]);
    expect(stdout).toMatch(/^tiny: a denoiser, succeeded\n {2}step +6 of 6\n {2}loss +[\d.]+\n[^]*\n {2}training +6 steps of 16 images, learning rate 0\.001, seed 3\n[^]*\n {2}weights +sha256 [0-9a-f]{64}\n\nSTEP +LOSS +SAMPLES +SIZE +DIGEST +MODELS\n3 .* digits:1 @best\n6 .* –\n$/);
    expect(await langevinJson(['run', 'show', 'tiny', ...on()])).toMatchObject({
      ...{ name: 'tiny', spec: { seed: 3, checkpoints: { everySteps: 3 } }, attempts: [{ attempt: 1, fromStep: 0 }], lastPoint: { step: 6 } },
      ...{ checkpoints: [{ step: 3 }, { step: 6 }], lineage: { parent: null, forks: [], models: [{ name: 'digits', version: 1, step: 3, aliases: ['best'] }] } },
    });
    expect((await langevin(['run', 'show', 'long', ...on()])).stdout).toMatch(/^long: a denoiser, cancelled\n[^]* {2}attempts +2, the last from step \d+\n/);
    expect(await refusal(['run', 'show', 'nobody', ...on()])).toMatchObject({ exitCode: 4, code: 'run_unknown' });
  });

  it('compares runs', async () => {
    const { stdout } = await langevin(['run', 'compare', 'tiny', 'long', ...on()]);
    expect(stdout).toMatch(/^SPECIFICATION +tiny +long\n[^]*training\.steps +6 +4000\n\nRESULT +tiny +long\nphase +succeeded +cancelled\nstep +6\/6 +\d+\/4000\ncheckpoints [^\n]*\nloss at step \d+ +[\d.]+ +[\d.]+\n[^]*\nloss at the end +/);
    const compared = await langevinJson<{ atCommonStep: { loss: number }[] }>(['run', 'compare', 'tiny', 'long', ...on()]);
    expect(compared).toMatchObject({ commonStep: expect.any(Number), atEnd: [{ step: 6 }, {}], spec: expect.arrayContaining([{ path: 'training.steps', values: [6, 4000] }]) });
    // The same job but for its length: the same steps, bit for bit.
    expect(compared.atCommonStep[0]?.loss).toBe(compared.atCommonStep[1]?.loss);
    expect(await refusal(['run', 'compare', 'tiny', ...on()])).toMatchObject({ exitCode: 2, message: 'one run alone compares with nothing: name two or more, as in `langevin run compare A B`' });
  });

  it('knows runs without curves, and what was forked', async () => {
    await using other = await temporaryFolder();
    const [first = ''] = await commitCheckpoints(other.path, 'digits', 10, 20);
    await commitCheckpoints(other.path, 'digits-classifier', 6);
    const store = ['--data-dir', other.path];
    expect((await langevin(['run', 'ls', ...store])).stdout).toMatch(/^digits +succeeded +20\/6 +0\.25 +2 +–\ndigits-classifier +succeeded +6\/6 +0\.25 +1 +–\n$/m);
    expect(await langevinJson(['run', 'compare', 'digits', 'digits-classifier', ...store])).toMatchObject({ commonStep: null, atEnd: [null, null] });
    const at = await DirectoryStore.open(join(other.path, 'store'));
    await openRun(at, { ...parseJobSpec((await readManifest(at, first)).spec), name: 'child' }, 'b'.repeat(64), first);
    expect((await langevin(['run', 'show', 'digits', ...store])).stdout).toMatch(/\n {2}forks +child \(from 10\)\n/);
    expect((await langevin(['run', 'show', 'child', ...store])).stdout).toMatch(/\n {2}began at +digits:10\n/);
  });
});
