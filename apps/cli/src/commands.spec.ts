import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writePng } from '@langevin/client';
import { temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { isRuntimeComplete, runtimeDirectory } from '@langevin/tf-runtime';
import { readPng } from './testing/read-png.js';
import { langevin, langevinJson, refusal, workspace } from './testing/run-langevin.js';
import { startClusterWithDigits, type JobReport } from './testing/test-cluster.js';
import { writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(240_000);

const { version } = JSON.parse(readFileSync(join(workspace, 'apps/cli/package.json'), 'utf8')) as { version: string };

/** Data folder of the run `tiny`, and its last checkpoint. */
let folder: TemporaryFolder;
let checkpoint: string;
const out = (name: string): string => join(folder.path, name);

beforeAll(async () => {
  folder = await temporaryFolder();
  await using cluster = await startClusterWithDigits(folder.path, 1);
  const submit = ['job', 'submit', writeTinyJob(folder.path, { steps: 2, everySteps: 1 }), '--data-dir', folder.path, '--wait'];
  checkpoint = (await langevinJson<JobReport>(submit)).lastCheckpoint;
  await cluster.stop();
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('langevin', () => {
  it.each([
    [['--help'], /Examples:\n {2}\$ langevin demo --quick/],
    [['up', '--help'], /Examples:\n {2}\$ langevin up --trainers 2/],
    [['demo', '--help'], /--recipe <file>[^]*Examples:\n {2}\$ langevin demo --quick/],
    [['job', 'submit', '--help'], /Examples:\n {2}\$ langevin job submit recipes\/digits-ddpm\.yaml --wait/],
    [['sample', '--help'], /Examples:\n {2}\$ langevin sample --run digits-ddpm/],
    [['compress', '--help'], /Examples:\n {2}\$ langevin compress --run digits-bits/],
    [['job', 'logs', '--help'], /-f, --follow [^]*Examples:\n {2}\$ langevin job logs digits-ddpm/],
    [['run', 'compare', '--help'], /Example:\n {2}\$ langevin run compare digits-ddpm digits-slower/],
    [['node', 'ls', '--help'], /Examples:\n {2}\$ langevin node ls/],
    [['completion', '--help'], /Examples:\n {2}\$ source <\(langevin completion bash\)/],
  ])('shows examples: langevin %s', async (args, examples) => {
    const end = await langevin(args);
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(end.stdout).toMatch(examples);
  });

  it('says its version', async () => {
    expect(await langevin(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('says in one line what it does not know', async () => {
    expect(await langevin(['trian'])).toMatchObject({ code: 2, stdout: '', stderr: expect.stringMatching(/^langevin: unknown command 'trian'[^\n]*\n$/) });
  });
});

describe('langevin doctor', () => {
  it('says what this machine computes with, and leaves no data folder behind', async () => {
    await using folder = await temporaryFolder();
    const dataDir = join(folder.path, 'none');
    const report = await langevinJson<Record<string, unknown>>(['doctor', '--data-dir', dataDir]);
    expect(report).toMatchObject({ version, node: process.versions.node, store: null });
    expect(report['backend']).toEqual(expect.any(String));
    expect(report['cores']).toBeGreaterThan(0);
    expect(report['missing']).toBeInstanceOf(Array);
  });
});

describe('langevin sample', () => {
  const sampling = (...args: string[]): string[] => ['sample', '--steps', '2', '--count', '4', '--data-dir', folder.path, ...args];

  it('draws the same bytes from a run and from its checkpoint, and others with another seed', async () => {
    const drawn = await langevinJson(sampling('--run', 'tiny', '--label', '7', '--guidance-scale', '2', '--out', out('one.png')));
    expect(drawn).toMatchObject({ out: out('one.png'), run: 'tiny', step: 2, checkpoint, images: 4 });
    await langevinJson(sampling('--checkpoint', checkpoint, '--label', '7', '--guidance-scale', '2', '--out', out('two.png')));
    await langevinJson(sampling('--run', 'tiny', '--label', '7', '--guidance-scale', '2', '--seed', '2', '--out', out('three.png')));
    const [one, two, three] = ['one.png', 'two.png', 'three.png'].map((name) => readFileSync(out(name)));
    expect(two).toEqual(one);
    expect(three).not.toEqual(one);
    expect(readPng(out('one.png'))).toMatchObject({ width: 124, height: 124 });
  });

  it.each([
    ['an unknown run', ['--run', 'nobody'], 4, 'run_unknown', /^there is no run "nobody" in .*; there is tiny$/],
    ['a step without a checkpoint', ['--run', 'tiny', '--step', '7'], 4, 'checkpoint_missing', /^run "tiny" has no checkpoint at step 7; it has 1, 2$/],
    ['an unknown checkpoint', ['--checkpoint', '0'.repeat(64)], 4, 'checkpoint_missing', /holds no checkpoint 0{64}$/],
    ['a label out of range', ['--run', 'tiny', '--label', '10'], 2, 'invalid_argument', /^--label 10: give labels from 0 to 9, as 7 or 0,1,2, or "all"$/],
    ['guidance to nothing', ['--run', 'tiny', '--guidance-scale', '3'], 2, 'invalid_argument', /needs labels/],
    ['nothing to draw with', [], 2, 'invalid_argument', /^name a run with --run, a checkpoint with --checkpoint, or a folder with --model$/],
  ])('refuses %s', async (_what, args, exitCode, code, says) => {
    const refused = await refusal(sampling(...args, '--out', out('refused.png')));
    expect(refused).toMatchObject({ exitCode, code });
    expect(refused.message).toMatch(says);
  });
});

describe('langevin eval nll', () => {
  type Mean = { mean: number; standardError: number; count: number };
  type Report = { conditional: boolean; count: number; bound: Record<'total' | 'prior' | 'decoder', Mean> & { bands: Mean[] }; flow?: Record<'total' | 'flow' | 'noise' | 'decoder', Mean> };
  const asking = (...options: string[]) => ['eval', 'nll', '--run', 'tiny', '--data-dir', folder.path, '--count', '3', '--draws', '4', ...options];

  it('measures the bound and the flow by their terms, each with its error', async () => {
    const report = await langevinJson<Report>(asking('--flow-steps', '2'));
    expect(report).toMatchObject({ run: 'tiny', step: 2, dataset: 'mnist-digits', split: 'test', count: 3, conditional: false, cut: 0, pixelPrior: 'train' });
    const { bound, flow } = report;
    expect(bound.total.mean).toBeCloseTo(bound.prior.mean + bound.decoder.mean + bound.bands.reduce((sum, { mean }) => sum + mean, 0), 9);
    expect(flow!.total.mean).toBeCloseTo(flow!.flow.mean + flow!.noise.mean + flow!.decoder.mean, 9);
    for (const { standardError, count } of [bound.total, bound.decoder, flow!.total]) expect([standardError > 0, count]).toEqual([true, 3]);
    expect(flow!.decoder).toEqual(bound.decoder);
  });

  it('knows labels, and nothing of pixels, when told', async () => {
    const plain = await langevinJson<Report>(asking('--flow-steps', '0'));
    const told = await langevinJson<Report>(asking('--flow-steps', '0', '--conditional', '--pixel-prior', 'equal'));
    expect([plain.flow, plain.conditional, told.conditional]).toEqual([undefined, false, true]);
    // Most pixels of digits are background, which frequencies know.
    expect(told.bound.decoder.mean).toBeGreaterThan(plain.bound.decoder.mean + 0.5);
    expect(told.bound.prior).toEqual(plain.bound.prior);
    expect(told.bound.bands).not.toEqual(plain.bound.bands);
  });

  it('prints a table, with a later cut too', async () => {
    const { code, stdout } = await langevin(asking('--flow-steps', '1', '--cut', '300'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^tiny at step 2: bits per dimension of 3 images of mnist-digits \(test\), without labels\nTERM +BITS\/DIM +± STANDARD ERROR\nbound +\d+\.\d{4} +0\.\d{4}\n/);
    for (const line of ['  L_T', '  L_0', 'flow', '  −log₂ p\\(x_t\\) by the flow', '  log₂ q\\(x_t \\| x₀\\)']) expect(stdout).toMatch(new RegExp(`^${line} +-?\\d+\\.\\d{4} +\\d+\\.\\d{4}$`, 'm'));
    expect(stdout.match(/^ {2}L_t, λ from/gm)).toHaveLength(8);
  });
});

// The bits of a network are those of the native runtime, which `npm run setup:tensorflow` makes.
(isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip)('langevin compress', () => {
  const model = (): string[] => ['--run', 'tiny', '--data-dir', folder.path];

  it('makes an archive of a dataset that decompress reads back, and of those files one with their names', async () => {
    const report = await langevinJson<Record<string, number>>(['compress', ...model(), '--dataset', 'mnist-digits', '--count', '3', '--steps', '4', '--out', out('digits.lgv')]);
    expect(report).toMatchObject({ images: 3, rawBytes: 3 * 784, bytes: readFileSync(out('digits.lgv')).length });
    expect(report['netBitsPerDim']).toBeLessThan(report['bitsPerDim']!);
    expect(await langevin(['decompress', out('digits.lgv'), ...model(), '--out', out('digits')])).toMatchObject({ code: 0, stdout: `${out('digits')}: 3 images, as they were compressed\n` });
    expect(readdirSync(out('digits')).sort()).toEqual(['0.png', '1.png', '2.png']);
    const { code, stdout } = await langevin(['compress', out('digits/2.png'), out('digits/0.png'), ...model(), '--steps', '4', '--out', out('two.lgv')]);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/two\.lgv: 2 images in [\d.]+ KiB, [\d.]+ bits a value; [\d.]+ without the \d+ B of its seed\n$/)]);
    await langevin(['decompress', out('two.lgv'), ...model(), '--out', out('two')]);
    expect(readdirSync(out('two')).sort()).toEqual(['0.png', '2.png']);
    for (const name of ['0.png', '2.png']) expect(readFileSync(out(`two/${name}`))).toEqual(readFileSync(out(`digits/${name}`)));
  });

  it.each([
    [['compress'], 'name PNG files, or a dataset with --dataset'],
    [['compress', 'a.png', '--dataset', 'mnist-digits'], 'name PNG files, or a dataset with --dataset'],
    [['compress', 'none.png'], 'none.png cannot be read'],
    [['decompress', 'none.lgv'], 'none.lgv cannot be read'],
    [['decompress', join(workspace, 'package.json')], 'no archive of images'],
  ])('says what is wrong: langevin %j', async (args, message) => {
    expect((await refusal([...args, ...model()])).message).toContain(message);
  });
});

// Gradients through a network are compiled, which the native runtime does, which `npm run setup:tensorflow` makes.
(isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip)('langevin sample --task', () => {
  const doing = (...options: string[]): string[] => ['sample', '--run', 'tiny', '--data-dir', folder.path, '--steps', '2', ...options];
  const picture = (columns: number, rows: number, name: string) => {
    const { width, height } = readPng(out(name));
    expect([width, height]).toEqual([4 + 60 * columns, 4 + 60 * rows]); // Pixels twice as large, 4 between.
  };

  it.each([
    ['inpaint', ['--method', 'repaint'], 3, 3],
    ['superres', ['--factor', '2', '--draws', '2'], 3, 3],
    ['denoise', ['--noise', '0.5'], 3, 3],
    ['interpolate', ['--between', '4'], 4, 2],
  ])('%s works on spoiled images of a dataset, and shows them', async (task, options, columns, rows) => {
    const report = await langevinJson<Record<string, unknown>>(doing('--task', task, '--dataset', 'mnist-digits', '--count', '3', ...options, '--out', out('task.png')));
    expect(report).toMatchObject({ run: 'tiny', task, columns });
    picture(columns, rows, 'task.png');
  });

  it('works on files: known pixels of a mask stay, small images become large, noise is estimated', async () => {
    const [image, mask, small] = [out('image.png'), out('mask.png'), out('small.png')];
    await writePng(image, Uint8Array.from({ length: 784 }, (_, i) => i % 251), [28, 28, 1]);
    await writePng(mask, Uint8Array.from({ length: 784 }, (_, i) => (i < 392 ? 255 : 0)), [28, 28, 1]);
    await writePng(small, new Uint8Array(49).fill(9), [7, 7, 1]);
    expect((await langevin(doing('--task', 'inpaint', '--image', image, '--mask', mask, '--out', out('inpaint.png')))).code).toBe(0);
    picture(1, 2, 'inpaint.png');
    const { red, width } = readPng(out('inpaint.png'));
    // The first row of the result is that of the image, pixels twice as large below a gap of 4.
    for (let x = 0; x < 28; x++) expect(red[64 * width + 4 + 2 * x]).toBe(x);
    expect((await langevin(doing('--task', 'superres', '--image', small, small, '--out', out('large.png')))).code).toBe(0);
    picture(2, 2, 'large.png');
    expect((await langevin(doing('--task', 'denoise', '--image', image, '--out', out('clean.png')))).stdout).toMatch(/denoise by tiny, step 2, on .*; noise estimated from [\d.]+ to [\d.]+\n$/);
  });

  it.each([
    [['--task', 'inpaint'], 'name PNG files with --image, or a dataset with --dataset'],
    [['--task', 'inpaint', '--image', 'a.png'], 'say with --mask or --hole what is to be drawn'],
    [['--task', 'inpaint', '--dataset', 'mnist-digits', '--mask', 'a.png', '--hole', '3'], 'give --mask or --hole, not both'],
    [['--task', 'superres', '--dataset', 'mnist-digits', '--factor', '3'], 'no squares of 3 × 3'],
    [['--task', 'denoise', '--image', join(workspace, 'package.json')], 'no PNG that can be read'],
    [['--task', 'interpolate', '--dataset', 'mnist-digits', '--count', '1'], 'give two or more'],
  ])('says what is wrong: %j', async (options, message) => {
    expect((await refusal(doing(...options))).message).toContain(message);
  });
});

describe('langevin eval rate-distortion', () => {
  it('sends more bits for less error, and draws what can be shown', async () => {
    const asked = ['eval', 'rate-distortion', '--run', 'tiny', '--data-dir', folder.path, '--count', '12', '--steps', '6', '--points', '3', '--out', out('sent.png')];
    const { points } = await langevinJson<{ points: { t: number; bitsPerDim: { mean: number; count: number }; rmse: number }[] }>(asked);
    expect(points).toHaveLength(3);
    points.slice(1).forEach(({ t, bitsPerDim, rmse }, i) => {
      expect(t).toBeLessThan(points[i]!.t);
      expect(bitsPerDim.mean).toBeGreaterThan(points[i]!.bitsPerDim.mean);
      expect(rmse).toBeLessThan(points[i]!.rmse);
    });
    const { width, height } = readPng(out('sent.png'));
    expect([width, height]).toEqual([4 + 60 * 12, 4 + 60 * 4]);
  });
});

describe('langevin eval metrics', () => {
  it('compares drawn images with held-out ones, and real ones with them', async () => {
    const asked = ['eval', 'metrics', '--run', 'tiny', '--data-dir', folder.path, '--steps', '1', '--judge-epochs', '1'];
    type Estimate = { value: number; standardError: number };
    type Distances = { frechetDistance: Estimate; precision: number; recall: number; kernelDistance: Estimate };
    const report = await langevinJson<{ generated: Distances; trainingImages: Distances }>([...asked, '--count', '100']);
    expect(report).toMatchObject({ run: 'tiny', count: 100, extractor: 'hidden layer of the digit classifier 1' });
    // Two steps of training make no digits.
    expect(report.generated.frechetDistance.value).toBeGreaterThan(5 * report.trainingImages.frechetDistance.value);
    expect(report.generated.kernelDistance.value).toBeGreaterThan(report.trainingImages.kernelDistance.value);
    expect(report.trainingImages.precision).toBeGreaterThan(report.generated.precision);
    expect((await refusal([...asked, '--count', '64'])).message).toContain('a Fréchet distance of 64 features needs more than 64 samples of each set, got 64 and 64');
  });
});

describe('langevin eval restoration', () => {
  // As above.
  (isRuntimeComplete(runtimeDirectory()) ? it : it.skip)('judges every way of every task, and draws what they made', async () => {
    const asked = ['eval', 'restoration', '--run', 'tiny', '--data-dir', folder.path, '--count', '12', '--steps', '2', '--draws', '1', '--judge-epochs', '1', '--out', out('restoration.png')];
    const report = await langevinJson<{ results: { task: string; method: string; psnr: { mean: number; count: number }; agreement: { mean: number } }[] }>(asked);
    expect(report.results.map(({ task, method }) => `${task}: ${method}`)).toEqual([
      ...['as given', 'median fill', 'smooth fill', 'langevin'].map((method) => `inpaint: ${method}`),
      ...['as given', 'bicubic', 'langevin'].map((method) => `superres: ${method}`),
      ...['as given', 'median 3 × 3', 'langevin, noise known', 'langevin, noise estimated'].map((method) => `denoise: ${method}`),
    ]);
    for (const { psnr, agreement } of report.results) expect([psnr.count, psnr.mean > 0, agreement.mean >= 0 && agreement.mean <= 1]).toEqual([12, true, true]);
    const { width, height } = readPng(out('restoration.png'));
    expect([width, height]).toEqual([4 + 60 * 12, 4 + 60 * 12]);
  });
});

describe('langevin model export', () => {
  const exporting = (...args: string[]): string[] => ['model', 'export', 'digits', '--data-dir', folder.path, ...args];
  // A SavedModel is made by the native runtime, which `npm run setup:tensorflow` makes.
  const nativeIt = isRuntimeComplete(runtimeDirectory()) ? it : it.skip;

  beforeAll(async () => void (await langevinJson(['model', 'register', 'digits', '--run', 'tiny', '--data-dir', folder.path])));

  nativeIt('writes a SavedModel, and says which model it is', async () => {
    const target = out('tensorflow');
    expect(await langevin(exporting('--batch-size', '2', '--out', target))).toEqual({
      code: 0,
      stdout: `${target}: digits:1, step 2 of tiny, as a TensorFlow SavedModel for 2 images a call, signature sample_step\n`,
      stderr: '',
    });
    expect(readdirSync(target).sort()).toEqual(['assets.extra', 'saved_model.pb']);
    expect(readFileSync(join(target, 'saved_model.pb')).includes('serving_default')).toBe(true);
    expect(JSON.parse(readFileSync(join(target, 'assets.extra/langevin.json'), 'utf8'))).toMatchObject({ run: 'tiny', step: 2, checkpoint, batchSize: 2 });
    expect(await refusal(exporting('--out', target))).toMatchObject({ exitCode: 1, code: 'object_exists', message: `${target} holds 2 entries already, e.g. assets.extra; name a new or empty directory` });
  });

  it('writes a directory of diffusers', async () => {
    const target = out('diffusers');
    expect(await langevinJson(exporting('--format', 'diffusers', '--out', target))).toEqual({ out: target, format: 'diffusers', model: 'digits', version: 1, run: 'tiny', step: 2, checkpoint });
    expect(readdirSync(target).sort()).toEqual(['model_index.json', 'scheduler', 'unet']);
  });

  it('refuses a model that there is not, and options that do not go together', async () => {
    const target = out('none');
    expect(await refusal(['model', 'export', 'letters', '--out', target, '--data-dir', folder.path])).toMatchObject({ exitCode: 4, code: 'model_unknown', message: expect.stringMatching(/^there is no model "letters" in .*; there is digits$/) });
    expect(await refusal(exporting('--format', 'diffusers', '--batch-size', '2', '--out', target))).toMatchObject({ exitCode: 2, code: 'invalid_argument', message: '--batch-size belongs to --format saved-model: diffusers takes any number of images' });
    expect(existsSync(target)).toBe(false);
  });
});
