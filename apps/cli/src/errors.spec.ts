import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { langevin, langevinJson, refusal } from './testing/run-langevin.js';
import { importDigits, startCluster, type JobReport, type TestCluster } from './testing/test-cluster.js';
import { tinyJobYaml, writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(120_000);

describe('langevin job submit, given a wrong specification', () => {
  let folder: TemporaryFolder;
  beforeAll(async () => {
    folder = await temporaryFolder();
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it.each([
    ['an unknown key', 'seed: 3', 'sede: 3', 'job spec: unknown key "sede"'],
    ['a wrong type', 'steps: 6', 'steps: many', 'job spec: training.steps: expected number, got "many"'],
    ['a missing value', 'checkpoints: { everySteps: 3 }', 'checkpoints: {}', 'job spec: checkpoints.everySteps: missing, expected number'],
    ['an impossible number', 'virtualWorkers: 8', 'virtualWorkers: 6', 'job spec: training.virtualWorkers: 6 is not a power of two'],
    ['an impossible combination', '  num_class_embeds: 11\n', '', 'job spec: training.labelDropout: needs model.num_class_embeds: an unconditional model has no labels to drop'],
    ['bad syntax', 'seed: 3', 'seed: [3', /^job spec: not YAML: .* at line \d+, column \d+$/],
  ])('refuses %s with its place and reason, before it looks for a coordinator', async (_what, from, to, says) => {
    const file = join(folder.path, 'wrong.yaml');
    writeFileSync(file, tinyJobYaml().replace(from, to));
    const { exitCode, code, message } = await refusal(['job', 'submit', file, '--data-dir', folder.path]);
    expect([exitCode, code]).toEqual([2, 'invalid_spec']);
    expect(message).toEqual(typeof says === 'string' ? says : expect.stringMatching(says));
  });

  it('says which file it cannot read', async () => {
    expect(await refusal(['job', 'submit', join(folder.path, 'none.yaml')])).toEqual({
      exitCode: 2,
      code: 'invalid_argument',
      message: `cannot read the job specification ${folder.path}/none.yaml: give the path of a YAML file`,
    });
  });

  it('says in one line which option is wrong', async () => {
    const { exitCode, code, message } = await refusal(['up', '--trainers', 'two', '--data-dir', folder.path]);
    expect([exitCode, code]).toEqual([2, 'invalid_argument']);
    expect(message).toBe("option '--trainers <n>' argument 'two' is invalid. expected a whole number from 0 to 1024.");
  });
});

describe('langevin, where no coordinator is', () => {
  it('says how to start one on the data folder', async () => {
    await using folder = await temporaryFolder();
    expect(await refusal(['job', 'ls', '--data-dir', folder.path])).toEqual({
      exitCode: 3,
      code: 'unavailable',
      message: `no coordinator runs on ${folder.path}: start one with \`langevin up --data-dir ${folder.path}\`, or name another with --coordinator`,
    });
  });

  it('says so of an address where nobody listens', async () => {
    await using folder = await temporaryFolder();
    const tokenFile = join(folder.path, 'a-token');
    writeFileSync(tokenFile, 'some-token\n');
    const address = `127.0.0.1:${await freePort()}`;
    expect(await refusal(['job', 'ls', '--coordinator', address, '--token-file', tokenFile])).toEqual({
      exitCode: 3,
      code: 'unavailable',
      message: `no coordinator at ${address}: start one with \`langevin up\``,
    });
  });

  it('says which token file is missing', async () => {
    await using folder = await temporaryFolder();
    const { exitCode, code, message } = await refusal(['job', 'ls', '--coordinator', '127.0.0.1:7433', '--data-dir', folder.path]);
    expect([exitCode, code]).toEqual([2, 'invalid_argument']);
    expect(message).toContain(`no token in ${folder.path}/token`);
    expect(message).toContain('--token-file');
  });
});

describe('langevin up, where it cannot start', () => {
  it('says that the data folder cannot be made', async () => {
    await using folder = await temporaryFolder();
    writeFileSync(join(folder.path, 'file'), '');
    const dataDir = join(folder.path, 'file', 'data');
    expect(await refusal(['up', '--port', '0', '--data-dir', dataDir])).toEqual({
      exitCode: 1,
      code: 'storage_failed',
      message: `cannot make the data folder ${dataDir}: choose another with --data-dir`,
    });
  });

  it('says that nothing can be written into the data folder', async () => {
    await using folder = await temporaryFolder();
    writeFileSync(join(folder.path, 'logs'), '');
    const { exitCode, code, message } = await refusal(['up', '--port', '0', '--data-dir', folder.path]);
    expect([exitCode, code]).toEqual([1, 'storage_failed']);
    expect(message).toContain(join(folder.path, 'logs'));
    expect(message).toContain('--data-dir');
  });
});

describe('a running coordinator', () => {
  let folder: TemporaryFolder;
  let cluster: TestCluster;
  const on = (): string[] => ['--data-dir', folder.path];

  beforeAll(async () => {
    folder = await temporaryFolder();
    cluster = await startCluster(folder.path, 0);
  });
  afterAll(async () => {
    const end = await cluster.stop();
    expect(end).toMatchObject({ code: 0, stderr: '' });
    await folder[Symbol.asyncDispose]();
  });

  it('keeps a second one off its data folder, and says where it is', async () => {
    const { exitCode, code, message } = await refusal(['up', '--port', '0', '--trainers', '0', ...on()]);
    expect([exitCode, code]).toEqual([1, 'address_in_use']);
    expect(message).toMatch(new RegExp(`^${folder.path} already has a coordinator at ${cluster.address} \\(process \\d+\\): use it, stop it, or choose another --data-dir$`));
  });

  it('keeps its port from another one, which says what to do', async () => {
    await using other = await temporaryFolder();
    const port = cluster.address.split(':')[1] ?? '';
    expect(await refusal(['up', '--port', port, '--data-dir', other.path])).toEqual({
      exitCode: 1,
      code: 'address_in_use',
      message: `port ${port} on 127.0.0.1 is taken: stop the process that listens there, or choose another port with --port (0 takes any free one)`,
    });
  });

  it('cannot take that port for its exchange either, and says what to do', async () => {
    await using other = await temporaryFolder();
    const port = cluster.address.split(':')[1] ?? '';
    expect(await refusal(['up', '--port', '0', '--exchange-port', port, '--data-dir', other.path])).toEqual({
      exitCode: 1,
      code: 'address_in_use',
      message: `port ${port} of 127.0.0.1 is taken: choose another one with --exchange-port`,
    });
  });

  it('refuses a wrong token, whatever is asked', async () => {
    const tokenFile = join(folder.path, 'wrong-token');
    writeFileSync(tokenFile, 'not-the-token\n');
    for (const command of [['ls'], ['show', 'tiny'], ['submit', writeTinyJob(folder.path)]]) {
      expect(await refusal(['job', ...command, ...on(), '--token-file', tokenFile])).toEqual({
        exitCode: 5,
        code: 'unauthenticated',
        message: 'this token is not the one that this server expects: use the token that `langevin up` wrote into its data directory at its first start',
      });
    }
  });

  it('names the command that imports a dataset that is missing', async () => {
    const { exitCode, code, message } = await refusal(['job', 'submit', writeTinyJob(folder.path), ...on()]);
    expect([exitCode, code]).toEqual([4, 'dataset_missing']);
    expect(message).toMatch(/^dataset "mnist-digits" is not in .*: run `langevin dataset import mnist-digits`$/);
  });

  it('says which datasets there are when one is unknown', async () => {
    const { exitCode, code, message } = await refusal(['dataset', 'import', 'digits', ...on()]);
    expect([exitCode, code]).toEqual([2, 'invalid_argument']);
    expect(message).toBe('there is no dataset "digits" to import; there is mnist-digits');
  });

  it.each(['show', 'cancel'])('knows no job that was never submitted: job %s', async (command) => {
    expect(await refusal(['job', command, 'nobody', ...on()])).toEqual({
      exitCode: 4,
      code: 'job_unknown',
      message: 'there is no job "nobody"; `langevin job ls` lists those there are',
    });
  });

  it('refuses a name that belongs to another job, and answers with a job that waits already', async () => {
    await importDigits(folder.path);
    const queued = await langevinJson<JobReport>(['job', 'submit', writeTinyJob(folder.path), ...on()]);
    expect(queued).toMatchObject({ phase: 'JOB_PHASE_QUEUED', reason: 'waiting: 0/1 trainers ready' });

    const other = await refusal(['job', 'submit', writeTinyJob(folder.path, { seed: 4 }), ...on()]);
    expect(other).toEqual({ exitCode: 5, code: 'job_conflict', message: 'run "tiny" is of another job: spec.seed is 3 there, 4 here; choose another name for this one' });

    // Whoever is not sure whether the job was submitted may submit it again.
    expect(await langevinJson<JobReport>(['job', 'submit', writeTinyJob(folder.path), ...on()])).toEqual(queued);
    expect(await langevinJson<JobReport[]>(['job', 'ls', ...on()])).toHaveLength(1);
    expect(await refusal(['job', 'submit', writeTinyJob(folder.path), '--min-trainers', '2', ...on()])).toEqual({
      exitCode: 5,
      code: 'job_conflict',
      message: 'job "tiny" is queued already with another specification: see `langevin job show tiny`, or choose another name',
    });

    const cancelled = await langevin(['job', 'cancel', 'tiny', ...on()]);
    expect(cancelled).toEqual({ code: 0, stderr: '', stdout: 'tiny: cancelled on request, at step 0; submit it again to start over: it has no checkpoint\n' });
  });

  it('refuses a job whose model does not fit the data', async () => {
    const file = join(folder.path, 'misfit.yaml');
    writeFileSync(file, tinyJobYaml({ name: 'misfit' }).replace('num_class_embeds: 11', 'num_class_embeds: 7'));
    await importDigits(folder.path);
    const { exitCode, code, message } = await refusal(['job', 'submit', file, ...on()]);
    expect([exitCode, code]).toEqual([2, 'invalid_spec']);
    expect(message).toContain('model.num_class_embeds is 7; use 11');
  });
});
