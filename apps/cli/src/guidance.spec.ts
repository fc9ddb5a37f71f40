import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckpointManifest } from '@langevin/contracts';
import { DirectoryStore, readCheckpoint } from '@langevin/registry';
import { temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { langevin, langevinJson, refusal } from './testing/run-langevin.js';
import { startClusterWithDigits, type JobReport } from './testing/test-cluster.js';
import { writeTinyClassifier } from './testing/tiny-classifier.js';
import { tinyJobYaml, writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(300_000);

let folder: TemporaryFolder;
let data: readonly string[];
/** The classifier, trained on two trainers. */
let manifest: CheckpointManifest;

const submit = (file: string, path: string) => langevinJson<JobReport>(['job', 'submit', file, '--data-dir', path, '--wait']);
const manifestOf = async (path: string, run: string) => (await readCheckpoint(await DirectoryStore.open(join(path, 'store')), run, 'latest')).manifest;

beforeAll(async () => {
  folder = await temporaryFolder();
  data = ['--data-dir', folder.path];
  await using cluster = await startClusterWithDigits(folder.path, 2);
  await submit(writeTinyClassifier(folder.path, 2), folder.path);
  await submit(writeTinyJob(folder.path, { steps: 2, everySteps: 2 }), folder.path);
  const linear = join(folder.path, 'linear.yaml');
  writeFileSync(linear, `${tinyJobYaml({ name: 'linear', steps: 2, everySteps: 2 })}process: { beta_schedule: linear }\n`);
  await submit(linear, folder.path);
  expect((await cluster.stop()).code).toBe(0);
  manifest = await manifestOf(folder.path, 'tiny-classifier');
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('a noisy classifier', () => {
  it('says what it is for, and how good it is at each noise level', async () => {
    expect(manifest.guidanceRole).toBe('noisy-classifier');
    expect(Object.keys(manifest.metrics).sort()).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900].map((t) => `accuracy@${t}`));
    // Shares of 200 images.
    expect(Object.values(manifest.metrics).every((share) => share >= 0 && share <= 1 && Number.isInteger(Math.round(share * 2e6) / 1e4))).toBe(true);
    expect(manifest.files.map(({ role }) => role)).toEqual(['weights', 'ema', 'optimizer']);
    const denoiser = await manifestOf(folder.path, 'tiny');
    expect([denoiser.guidanceRole, denoiser.metrics, denoiser.scheduleDigest]).toEqual(['denoiser', {}, manifest.scheduleDigest]);
  });

  it('is the same on one trainer as on two, bit for bit, and so is its accuracy', async () => {
    await using other = await temporaryFolder();
    await using cluster = await startClusterWithDigits(other.path, 1);
    await submit(writeTinyClassifier(other.path, 1), other.path);
    await cluster.stop();
    const alone = await manifestOf(other.path, 'tiny-classifier');
    expect(alone.files).toEqual(manifest.files);
    expect([alone.metrics, alone.loss]).toEqual([manifest.metrics, manifest.loss]);
  });
});

describe('langevin sample --classifier', () => {
  const draw = async (...options: string[]): Promise<Buffer> => {
    const out = join(folder.path, 'out.png');
    const { code, stderr } = await langevin(['sample', '--run', 'tiny', ...data, '--count', '4', '--steps', '3', '--out', out, ...options]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.anything() });
    return readFileSync(out);
  };
  const classifier = ['--label', '7', '--classifier', 'tiny-classifier'];

  it('draws at γ = 0 what is drawn of no class, and something else at other scales and forms', async () => {
    const free = await draw();
    expect(await draw(...classifier, '--classifier-scale', '0')).toEqual(free);
    const guided = await draw(...classifier, '--classifier-scale', '50');
    expect(guided).not.toEqual(free);
    expect(await draw('--label', '7', '--classifier', 'tiny-classifier:4', '--classifier-scale', '50')).toEqual(guided);
    expect(await draw(...classifier, '--classifier-scale', '50', '--sampler', 'ddpm', '--guidance-form', 'mean')).not.toEqual(await draw('--sampler', 'ddpm'));
  });

  it.each<[string, string[], string, RegExp]>([
    ['another noise schedule', ['--run', 'linear', ...classifier], 'schedule_mismatch', /^process\.beta_schedule is linear in the denoiser and squaredcos_cap_v2 in the classifier/],
    ['a denoiser as the classifier', ['--run', 'tiny', '--label', '7', '--classifier', 'tiny'], 'invalid_argument', /^step 2 of run "tiny" is a denoiser: to guide/],
    ['a classifier as the model', ['--run', 'tiny-classifier', '--label', '7'], 'invalid_argument', /^step 4 of run "tiny-classifier" is a classifier: it draws nothing/],
    ['a scale without a classifier', ['--run', 'tiny', '--label', '7', '--classifier-scale', '2'], 'invalid_argument', /^classifierScale needs a classifier/],
    ['no label', ['--run', 'tiny', '--classifier', 'tiny-classifier'], 'invalid_argument', /^a classifier needs labels/],
    ['a classifier that is not there', ['--run', 'tiny', '--label', '7', '--classifier', 'tiny:3'], 'checkpoint_missing', /at step 3; it has 2/],
  ])('refuses %s', async (_, options, code, message) => {
    expect(await refusal(['sample', ...data, ...options])).toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe('langevin eval guidance', () => {
  it('draws at each scale, has a third classifier judge, and writes a figure', async () => {
    const out = join(folder.path, 'guidance.svg');
    const result = await langevinJson<{ judgeAccuracy: number; count: number; points: { scale: number; labelAgreement: number; diversityRatio: number }[] }>([
      ...['eval', 'guidance', '--run', 'tiny', '--classifier', 'tiny-classifier', ...data],
      ...['--scales', '0,5', '--count', '20', '--steps', '2', '--judge-epochs', '1', '--out', out],
    ]);
    expect(result.count).toBe(20);
    expect(result.judgeAccuracy).toBeGreaterThan(0.85);
    expect(result.points.map(({ scale }) => scale)).toEqual([0, 5]);
    for (const { labelAgreement, diversityRatio } of result.points) {
      expect(labelAgreement * 20).toBe(Math.round(labelAgreement * 20));
      expect(diversityRatio).toBeGreaterThan(0);
    }
    expect(readFileSync(out, 'utf8')).toMatch(/^<svg .*<\/svg>\n$/s);
  });

  it('needs a classifier', async () => {
    expect(await refusal(['eval', 'guidance', '--run', 'tiny', ...data])).toMatchObject({ code: 'invalid_argument', message: expect.stringContaining('name a noisy classifier with --classifier') });
  });
});
