import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DirectoryStore, readCheckpoint } from '@langevin/registry';
import { temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { langevin, langevinJson, refusal } from './testing/run-langevin.js';
import { fileDigests, startClusterWithDigits, type JobReport, type TestCluster } from './testing/test-cluster.js';
import { writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(240_000);

let folder: TemporaryFolder;
let cluster: TestCluster;
/** Trained without a break: checkpoints at the steps 3 and 6. */
let parent: JobReport;

beforeAll(async () => {
  folder = await temporaryFolder();
  cluster = await startClusterWithDigits(folder.path, 1);
  parent = await langevinJson<JobReport>(['job', 'submit', writeTinyJob(folder.path), '--wait', ...on()]);
  expect(parent.phase).toBe('JOB_PHASE_SUCCEEDED');
});
afterAll(async () => {
  expect(await cluster.stop()).toMatchObject({ code: 0, stderr: '' });
  await folder[Symbol.asyncDispose]();
});

const on = (): string[] => ['--data-dir', folder.path];
const store = (): Promise<DirectoryStore> => DirectoryStore.open(join(folder.path, 'store'));

describe('langevin job fork', () => {
  it('ends with the weights of its parent, bit for bit, when only the name differs', async () => {
    const { digest } = await readCheckpoint(await store(), 'tiny', 3);
    const twin = await langevinJson<JobReport & { forkOf: string }>(['job', 'fork', 'tiny', '--name', 'twin', '--from', '3', '--wait', ...on()]);
    expect(twin).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', step: '6', startedAtStep: '3', checkpoints: '1', forkOf: digest });
    expect(twin.weightsSha256).toBe(parent.weightsSha256);
    expect(twin.loss).toBe(parent.loss);
    expect(await fileDigests(folder.path, 'twin', 6)).toEqual(await fileDigests(folder.path, 'tiny', 6));
    expect((await readCheckpoint(await store(), 'twin', 6)).manifest.forkOf).toBe(digest);
  });

  it('trains on with other settings, for longer, and says where it began', async () => {
    const longer = await langevin(['job', 'fork', 'tiny', '--name', 'longer', '--set', 'training.steps=8', 'training.learningRate=3e-4', '--wait', ...on()]);
    expect(longer.code).toBe(0);
    expect(longer.stdout).toMatch(/^longer: succeeded, trained to step 8\n {2}step +8 of 8 \(continued from 6\)\n[^]*\n {2}began at +checkpoint sha256 [0-9a-f]{64} of another run\n/);
    expect(longer.stdout).not.toContain(parent.weightsSha256);
  });

  it('refuses to become another model, in one line', async () => {
    expect(await refusal(['job', 'fork', 'tiny', '--name', 'other', '--set', 'model.norm_num_groups=2', '--set', 'training.steps=9', ...on()])).toEqual({
      exitCode: 2,
      code: 'invalid_spec',
      message: 'job spec does not fit checkpoint 6 of run "tiny": model.norm_num_groups is 4 there, 2 here; a fork keeps the model and the process: submit a new job instead',
    });
  });
});

describe('langevin job resume', () => {
  it('continues without the specification at hand, past a damaged checkpoint, loudly, to the same weights', async () => {
    const { manifest } = await readCheckpoint(await store(), 'tiny', 6);
    const damaged = manifest.files[1]?.digest ?? '';
    writeFileSync(join(folder.path, 'store/v1/blobs/sha256', damaged.slice(0, 2), damaged), 'rust');
    const { code, stdout, stderr } = await langevin(['job', 'resume', 'tiny', '--wait', '--json', ...on()]);
    expect(code).toBe(0);
    expect(stderr).toMatch(new RegExp(`^langevin: warning: checkpoint 6 of run "tiny": .*${damaged} is damaged: .*; continues from checkpoint 3\n$`));
    expect(JSON.parse(stdout)).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', startedAtStep: '3', weightsSha256: parent.weightsSha256, loss: parent.loss });
    // What was damaged came by again, and is whole.
    expect((await readCheckpoint(await store(), 'tiny', 6)).files.size).toBe(manifest.files.length);
  });

  it('says which runs there are', async () => {
    expect(await refusal(['job', 'resume', 'nobody', ...on()])).toMatchObject({ exitCode: 4, code: 'run_unknown', message: expect.stringMatching(/^there is no run "nobody" in .*; there is longer, tiny, twin$/) });
  });
});
