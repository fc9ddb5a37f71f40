import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore, readCheckpoint } from '@langevin/registry';
import { startMinio, temporaryFolder, type S3TestServer } from '@langevin/testing';
import { langevin, langevinJson, refusal } from './testing/run-langevin.js';
import { fileDigests, startCluster, startClusterWithDigits, type JobReport } from './testing/test-cluster.js';
import { writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(300_000);

const bucket = 'langevin-cli';
let server: S3TestServer;
let store: string;

// Commands inherit the environment, as they do from a shell.
beforeAll(async () => {
  server = await startMinio();
  Object.assign(process.env, server.env);
  store = server.location(bucket);
});
afterAll(async () => {
  for (const name of Object.keys(server.env)) delete process.env[name];
  await server[Symbol.asyncDispose]();
});

/** Every byte of every file below `folder` that is text. */
function textsBelow(folder: string): string {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return files.map((file) => readFileSync(join(file.parentPath, file.name), 'latin1')).join('\n');
}

describe('a store on an S3 server', () => {
  it('is refused with what to do about it, while its bucket is not there, or without credentials', async () => {
    const asked = ['dataset', 'ls', '--store', store];
    expect(await refusal(asked)).toMatchObject({ exitCode: 4, code: 'bucket_missing', message: expect.stringContaining(`langevin store create "${store}"`) });
    const none = { env: { AWS_ACCESS_KEY_ID: undefined, AWS_SECRET_ACCESS_KEY: undefined } };
    expect(await refusal(asked, none)).toMatchObject({ exitCode: 5, code: 'access_denied', message: expect.stringContaining('set AWS_ACCESS_KEY_ID') });
    const wrong = await refusal(asked, { env: { AWS_SECRET_ACCESS_KEY: 'not-this-one' } });
    expect(wrong).toMatchObject({ exitCode: 5, code: 'access_denied', message: expect.not.stringContaining('not-this-one') });
  });

  it('is made and found safe by two commands', async () => {
    expect(await langevinJson(['store', 'create', store])).toEqual({ store });
    expect(await langevinJson(['store', 'doctor', '--store', store])).toEqual({ store, racers: 32, rounds: 4, safety: 'many', problems: [] });
    const left = [];
    for await (const { key } of (await openStore(store)).list('')) left.push(key);
    expect(left).toEqual([]);
  });

  it('holds the same weights, and draws the same images, as a directory; no secret is kept', async () => {
    await using remote = await temporaryFolder();
    await using local = await temporaryFolder();
    await using home = await temporaryFolder();
    await using there = await startCluster(remote.path, 1, ['--store', store]);
    // From here on the data folder knows where its store is.
    await langevinJson(['dataset', 'import', 'mnist-digits', '--data-dir', remote.path]);
    const trained = await langevinJson<JobReport>(['job', 'submit', writeTinyJob(remote.path), '--data-dir', remote.path, '--wait']);
    await there.stop();
    await using here = await startClusterWithDigits(local.path, 1);
    const expected = await langevinJson<JobReport>(['job', 'submit', writeTinyJob(local.path), '--data-dir', local.path, '--wait']);
    await here.stop();

    expect(trained).toMatchObject({ phase: 'JOB_PHASE_SUCCEEDED', weightsSha256: expected.weightsSha256 });
    const { manifest } = await readCheckpoint(await openStore(store), 'tiny', 6);
    expect(Object.fromEntries(manifest.files.map(({ path, digest }) => [path, digest]))).toEqual(await fileDigests(local.path, 'tiny', 6));
    expect(readdirSync(remote.path)).not.toContain('store');

    const draw = ['sample', '--run', 'tiny', '--count', '2', '--label', '7', '--steps', '2', '--out'];
    const elsewhere = { cwd: home.path, env: { HOME: join(home.path, 'home'), LANGEVIN_CACHE: process.env['LANGEVIN_CACHE'] ?? join(process.env['HOME'] ?? '', '.cache/langevin') } };
    mkdirSync(elsewhere.env.HOME);
    expect(await langevin([...draw, 'remote.png', '--store', store], elsewhere)).toMatchObject({ code: 0 });
    expect(await langevin([...draw, 'local.png', '--data-dir', local.path], elsewhere)).toMatchObject({ code: 0 });
    const drawn = (name: string): Buffer => readFileSync(join(home.path, name));
    expect(drawn('remote.png')).toEqual(drawn('local.png'));

    // Listed, named and pulled by a machine that shares nothing with the cluster but the bucket.
    const askElsewhere = async (...args: string[]) => {
      const { code, stdout, stderr } = await langevin([...args, '--json'], elsewhere);
      expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
      return JSON.parse(stdout) as unknown;
    };
    expect(await askElsewhere('ckpt', 'ls', '--store', store)).toMatchObject([{ run: 'tiny', step: 3 }, { run: 'tiny', step: 6 }]);
    expect(await askElsewhere('index', 'rebuild', '--store', store)).toBeTruthy();
    await askElsewhere('model', 'register', 'digits', '--run', 'tiny', '--store', store);
    await askElsewhere('model', 'promote', 'digits', '1', '--alias', 'production', '--store', store);
    expect(await askElsewhere('model', 'ls', '--store', store)).toMatchObject([{ name: 'digits' }]);
    await askElsewhere('model', 'pull', 'digits@production', '--out', 'pulled', '--store', store);
    expect(await langevin(['sample', '--model', 'pulled', ...draw.slice(3), 'pulled.png'], elsewhere)).toMatchObject({ code: 0 });
    expect(drawn('pulled.png')).toEqual(drawn('local.png'));

    expect(textsBelow(remote.path)).not.toContain(server.env.AWS_SECRET_ACCESS_KEY);
    for await (const { key } of (await openStore(store)).list('')) {
      expect(Buffer.from(await (await openStore(store)).get(key)).includes(server.env.AWS_SECRET_ACCESS_KEY)).toBe(false);
    }
  });
});
