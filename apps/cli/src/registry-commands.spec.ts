import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { langevin, langevinJson, refusal } from './testing/run-langevin.js';
import { commitCheckpoints } from './testing/tiny-store.js';

jest.setTimeout(240_000);

let folder: TemporaryFolder;
let digits: string[];
const on = (): string[] => ['--data-dir', folder.path];

beforeAll(async () => {
  folder = await temporaryFolder();
  digits = await commitCheckpoints(folder.path, 'digits', 10, 20);
  await commitCheckpoints(folder.path, 'classifier', 10);
  await commitCheckpoints(folder.path, 'classifier-linear', 10);
});
afterAll(() => folder[Symbol.asyncDispose]());

describe('langevin ckpt', () => {
  it('lists checkpoints, and those of one run', async () => {
    const { stdout, stderr } = await langevin(['ckpt', 'ls', ...on()]);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^RUN +STEP +ROLE +LOSS +IMAGES SEEN +SIZE +DIGEST\nclassifier +10 +noisy-classifier +0\.2500 +160 +15 KiB +[0-9a-f]{12}\n/);
    expect(await langevinJson(['ckpt', 'ls', '--run', 'digits', ...on()])).toMatchObject([{ run: 'digits', step: 10, digest: digits[0] }, { step: 20, digest: digits[1] }]);
    expect(await refusal(['ckpt', 'ls', '--run', 'digit', ...on()])).toMatchObject({ exitCode: 4, code: 'run_unknown', message: expect.stringMatching(/^there is no run "digit" in .*; there is classifier, classifier-linear, digits$/) });
  });

  it('shows one', async () => {
    const { stdout } = await langevin(['ckpt', 'show', 'digits', ...on()]);
    expect(stdout).toMatch(new RegExp(`^digits:20, a denoiser\n {2}checkpoint {2}sha256:${digits[1]}\n[^]* file +optimizer\\.safetensors {2}4\\.9 KiB {2}sha256:[0-9a-f]{64}\n$`));
    expect((await langevin(['ckpt', 'show', 'classifier:10', ...on()])).stdout).toContain('metrics     accuracy@0 0.984');
  });

  it('pulls one', async () => {
    const out = join(folder.path, 'pulled');
    expect(await langevinJson(['ckpt', 'pull', 'digits:10', '--out', out, ...on()])).toMatchObject({ status: 'pulled', digest: digits[0], run: 'digits', step: 10, directory: out });
    expect(readdirSync(out).sort()).toEqual(['ema.safetensors', 'manifest.json', 'optimizer.safetensors', 'weights.safetensors']);
    expect((await langevin(['ckpt', 'pull', 'digits:10', '--out', out, ...on()])).stdout).toBe(`${out} holds step 10 of digits already, every byte verified\n`);
  });

  it('verifies every byte, and names what is damaged', async () => {
    await using other = await temporaryFolder();
    await commitCheckpoints(other.path, 'digits', 10, 20);
    const verify = ['ckpt', 'verify', '--all', '--data-dir', other.path];
    expect(await langevin(verify)).toEqual({ code: 0, stdout: '2 checkpoints, 29 KiB: every byte is as it was committed\n', stderr: 'digits:10  intact, 15 KiB\ndigits:20  intact, 15 KiB\n' });
    const { manifest } = await langevinJson<{ manifest: { files: { path: string; digest: string }[] } }>(['ckpt', 'show', 'digits:10', '--data-dir', other.path]);
    const [weights, ema] = manifest.files.map(({ digest }) => `v1/blobs/sha256/${digest.slice(0, 2)}/${digest}`);
    const path = join(other.path, 'store', weights!);
    const bytes = readFileSync(path);
    bytes[4321]! ^= 1;
    writeFileSync(path, bytes);
    rmSync(join(other.path, 'store', ema!));
    const end = await langevin([...verify, '--json']);
    expect(end.code).toBe(1);
    expect(JSON.parse(end.stdout)).toMatchObject({ checkpoints: 2, damaged: [{ run: 'digits', step: 10, problems: [expect.stringContaining(weights!), expect.stringContaining(ema!)] }] });
    const said = await langevin(['ckpt', 'verify', '--run', 'digits', '--data-dir', other.path]);
    expect(said).toMatchObject({ code: 1, stdout: expect.stringMatching(/^digits:10: weights\.safetensors: .* is damaged: its sha256 is [^\n]*\n[^\n]*\n1 of 2 checkpoints are damaged; [^\n]*\n$/) });
    expect(await refusal(['ckpt', 'verify', '--data-dir', other.path])).toMatchObject({ exitCode: 2, message: 'name a run with --run, or verify --all' });
  });
});

describe('langevin model', () => {
  it('registers, promotes, rolls back, and shows who did it', async () => {
    const by = ['--actor', 'ann', ...on()];
    expect(await langevin(['model', 'register', 'digits', '--run', 'digits', '--step', '10', '--note', 'first', '--license', 'CC0-1.0', ...by])).toEqual({
      code: 0,
      stderr: '',
      stdout: `digits:1 is digits:10, checkpoint ${digits[0]}\n`,
    });
    expect((await langevin(['model', 'register', 'digits', '--checkpoint', digits[0]!, ...by])).stdout).toMatch(new RegExp(`^digits:10, checkpoint ${digits[0]}, is digits:1 already, since 2`));
    expect(await langevinJson(['model', 'register', 'digits', '--run', 'digits', ...by])).toMatchObject({ created: true, version: 2, checkpoint: digits[1], actor: 'ann' });
    const promote = ['model', 'promote', 'digits'];
    expect((await langevin([...promote, '1', '--alias', 'production', '--if-current', 'none', ...by])).stdout).toBe('digits@production moved from nowhere to 1\n');
    expect((await langevin([...promote, '2', '--alias', 'production', '--if-current', '1', '--reason', 'sharper', ...by])).stdout).toBe('digits@production moved from 1 to 2\n');
    expect(await refusal([...promote, '1', '--alias', 'production', '--if-current', '1', ...on()])).toMatchObject({
      exitCode: 5,
      code: 'alias_moved',
      message: expect.stringMatching(/^alias "production" of model "digits" is not at version 1: ann moved it from 1 to 2 at .* \(sharper\); look at `langevin model show digits`, then repeat with --if-current 2 if you still want it$/),
    });
    expect((await langevin(['model', 'rollback', 'digits', '--alias', 'production', ...by])).stdout).toBe('digits@production moved from 2 to 1\n');
    const shown = (await langevin(['model', 'show', 'digits', ...on()])).stdout;
    expect(shown).toMatch(/^digits: a denoiser, 2 versions\n\nVERSION[^\n]*\n1 +digits:10 +production [^\n]* first\n2 +digits:20 +latest [^\n]*\n\nWHEN +ALIAS +WHAT +MOVE +BY +REASON\n/);
    expect(shown).toMatch(/production +promote +1 → 2 +ann +sharper\n[^\n]*production +rollback +2 → 1 +ann\n$/);
    expect((await langevin(['model', 'ls', ...on()])).stdout).toMatch(/^NAME +ROLE +VERSIONS +ALIASES +NEWEST +BY\ndigits +denoiser +2 +production → 1 /);
  });

  it('pulls a pair that fits, and refuses one that does not', async () => {
    for (const name of ['classifier', 'classifier-linear']) await langevinJson(['model', 'register', name, '--run', name, ...on()]);
    await langevinJson(['model', 'promote', 'digits', '2', '--alias', 'stable', ...on()]);
    const out = join(folder.path, 'pair');
    const pull = ['model', 'pull', 'digits@stable', '--out', out, ...on()];
    expect(await refusal([...pull, '--guidance', 'classifier-linear'])).toMatchObject({
      exitCode: 5,
      code: 'schedule_mismatch',
      message: expect.stringMatching(/^process\.beta_schedule is squaredcos_cap_v2 in the denoiser and linear in the classifier/),
    });
    expect(existsSync(out)).toBe(false);
    const end = await langevin([...pull, '--guidance', 'classifier']);
    expect(end).toMatchObject({ code: 0, stdout: expect.stringMatching(new RegExp(`^${out}: digits:2 and classifier:1, \\d+ KiB.*, every byte verified\n$`)), stderr: expect.stringContaining('pulling') });
    expect(readdirSync(out, { recursive: true }).sort()).toEqual([
      'classifier',
      'classifier/config.json',
      'classifier/model.safetensors',
      'langevin.json',
      'model_index.json',
      'scheduler',
      'scheduler/scheduler_config.json',
      'unet',
      'unet/config.json',
      'unet/diffusion_pytorch_model.safetensors',
    ]);
    expect(await langevinJson([...pull, '--guidance', 'classifier'])).toMatchObject({ status: 'same', model: { version: 2 }, guidance: { version: 1 } });
  });

  it.each([
    ['an unknown model', ['pull', 'digit'], 4, 'model_unknown', /^there is no model "digit" in .*; there is classifier, classifier-linear, digits$/],
    ['a path to register', ['register', 'digits', '--checkpoint', '/tmp/weights'], 2, 'invalid_argument', /64 hexadecimal digits/],
    ['an alias that there is not', ['pull', 'digits@canary'], 4, 'alias_unknown', /^model "digits" has no alias "canary"; it has latest, production, stable; /],
  ])('refuses %s', async (_what, args, exitCode, code, says) => {
    const refused = await refusal(['model', ...args, ...on()]);
    expect(refused).toMatchObject({ exitCode, code });
    expect(refused.message).toMatch(says);
  });
});

describe('the index', () => {
  it('is rebuilt on request, and by itself when its file is damaged', async () => {
    const before = await langevinJson(['model', 'ls', ...on()]);
    const index = join(folder.path, 'index.db');
    writeFileSync(index, 'no database');
    const end = await langevin(['model', 'ls', '--json', ...on()]);
    expect(end.stderr).toMatch(/^langevin: the index .*index\.db is damaged \([^\n]*\): it is made anew from the store\n$/);
    expect(JSON.parse(end.stdout)).toEqual(before);
    expect((await langevin(['index', 'rebuild', ...on()])).stdout).toMatch(/^indexed \d+ documents of /);
    expect(await langevinJson(['model', 'ls', ...on()])).toEqual(before);
  });

  it('makes no data folder where there is none', async () => {
    const none = join(folder.path, 'none');
    expect(await refusal(['ckpt', 'ls', '--data-dir', none])).toMatchObject({ code: 'storage_failed', message: expect.stringContaining('there is no store at') });
    expect(existsSync(none)).toBe(false);
  });
});
