import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort, networkNamespace, startProcess, temporaryFolder, type TemporaryFolder } from '@langevin/testing';
import { command, langevin, langevinJson, refusal, type Refusal } from './testing/run-langevin.js';
import { startCluster, startClusterWithDigits, type JobReport } from './testing/test-cluster.js';
import { writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(240_000);

let folder: TemporaryFolder;
/** The weights of the job on one trainer, without TLS. */
let plain: JobReport;
/** What a coordinator without TLS says to those who speak it. */
let unspoken: Refusal & { readonly address: string };

beforeAll(async () => {
  folder = await temporaryFolder();
  await using cluster = await startClusterWithDigits(folder.path, 1);
  plain = await submitTiny(1);
  expect(plain.phase).toBe('JOB_PHASE_SUCCEEDED');
  const { member } = await certificates('unneeded', []);
  unspoken = { ...(await refusal(['job', 'ls', '--data-dir', folder.path, '--tls', member])), address: cluster.address };
  await cluster.stop();
});
afterAll(() => folder[Symbol.asyncDispose]());

const at = (name: string): string => join(folder.path, name);

/** Each time under another name: the name changes no weight. */
function submitTiny(trainers: number, name = 'plain'): Promise<JobReport> {
  return langevinJson<JobReport>(['job', 'submit', writeTinyJob(folder.path, { name, trainers }), '--data-dir', folder.path, '--wait']);
}

/** Certificates for these hosts; members get all but the key of the authority. */
async function certificates(name: string, hosts: readonly string[]): Promise<{ all: string; member: string }> {
  const [all, member] = [at(name), at(`${name}-member`)];
  const { issueCertificate } = await import('@langevin/certificates');
  await issueCertificate({ folder: all, hosts, days: 30, now: new Date() });
  cpSync(all, member, { recursive: true, filter: (file) => !file.endsWith('ca.key') });
  return { all, member };
}

const trainerArgs = (coordinator: string, tls: string, host: string): string[] => [
  'trainer', '--coordinator', coordinator, '--token-file', at('token'), '--data-dir', at('elsewhere'), '--name', 'far', '--tls', tls, '--host', host,
];

/** Where the second trainer is: in another network, which needs root on Linux, or else on another loopback address. */
interface Distance extends AsyncDisposable {
  /** Address on which the coordinator listens, and the one at which the trainer dials it. */
  readonly listen: string;
  readonly dial: string;
  /** Address of the trainer. */
  readonly trainer: string;
  readonly before: readonly string[];
}

async function distance(): Promise<Distance> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    return { listen: '127.0.0.2', dial: '127.0.0.2', trainer: '127.0.0.3', before: [], [Symbol.asyncDispose]: () => Promise.resolve() };
  }
  const network = await networkNamespace();
  const { hostAddress, guestAddress, command: before } = network;
  return { listen: '0.0.0.0', dial: hostAddress, trainer: guestAddress, before, [Symbol.asyncDispose]: () => network[Symbol.asyncDispose]() };
}

describe('a cluster that speaks TLS', () => {
  it('trains to the weights that it has without, with a trainer in another network', async () => {
    await using far = await distance();
    const tls = await certificates('far', [far.dial, far.trainer]);
    await using cluster = await startCluster(folder.path, 1, ['--host', far.listen, '--tls', tls.all]);
    // For its own machine it is on loopback, on whatever it listens.
    expect(cluster.address).toMatch(/^127\.0\.0\.[12]:\d+$/);
    const dialled = `${far.dial}:${cluster.address.split(':')[1]}`;
    const port = String(await freePort());
    const [first = process.execPath, ...rest] = [...far.before, process.execPath, command, ...trainerArgs(dialled, tls.member, far.trainer), '--port', port];
    await using trainer = await startProcess(first, rest);
    await trainer.waitForLine(new RegExp(`attached to ${dialled}`), 60_000);
    // The data folder says which certificates to use.
    const job = await submitTiny(2, 'secure');
    expect(job.trainers).toEqual(['trainer-1', 'far']);
    expect(job.weightsSha256).toBe(plain.weightsSha256);
    expect(job.loss).toBe(plain.loss);
    const health = ['health', '--data-dir', folder.path];
    expect(await langevinJson(health)).toEqual({ address: cluster.address, health: 'SERVING' });
    expect(await langevinJson([...health, `${far.trainer}:${port}`, '--tls', tls.member])).toEqual({ address: `${far.trainer}:${port}`, health: 'SERVING' });
    expect(readFileSync(at('coordinator.json'), 'utf8')).not.toContain('KEY');
    trainer.signal('SIGINT');
    await trainer.exited;
    expect(await cluster.stop()).toMatchObject({ code: 0, stderr: '' });
  });

  it('says what to do to those who come without certificates, with those of others, or by another name', async () => {
    const tls = await certificates('own', []);
    const others = await certificates('others', []);
    await using cluster = await startCluster(folder.path, 0, ['--tls', tls.all]);
    const port = cluster.address.split(':')[1] ?? '';
    const call = (...more: string[]) => refusal(['job', 'ls', '--coordinator', cluster.address, '--data-dir', folder.path, ...more]);
    expect(await call()).toEqual({
      exitCode: 3,
      code: 'unavailable',
      message: `coordinator at ${cluster.address} closed the connection before it answered: if it was started with --tls, name its certificates with --tls FOLDER here too`,
    });
    expect(await call('--tls', others.member)).toEqual({
      exitCode: 5,
      code: 'unauthenticated',
      message: `the certificate of coordinator at ${cluster.address} is not signed by ${others.member}/ca.pem: both ends need certificates of the same authority`,
    });
    expect(await call('--tls', at('nowhere'))).toEqual({
      exitCode: 2,
      code: 'invalid_argument',
      message: `cannot read ca.pem in ${at('nowhere')}: make certificates with \`langevin certs --out ${at('nowhere')}\`, or name the folder that has them with --tls`,
    });
    const refused = await langevin(trainerArgs(cluster.address, others.member, '127.0.0.1'));
    expect(refused).toMatchObject({ code: 5, stderr: expect.stringContaining(`is not signed by ${others.member}/ca.pem`) });
    expect(await langevinJson(['job', 'ls', '--coordinator', `localhost:${port}`, '--tls', tls.member, '--data-dir', folder.path])).toMatchObject([{ id: 'plain' }, { id: 'secure' }]);
    await cluster.stop();
  });

  it('is not what a coordinator without it speaks', () => {
    const { address, ...said } = unspoken;
    expect(said).toEqual({ exitCode: 3, code: 'unavailable', message: `coordinator at ${address} does not speak TLS: start it with --tls, or leave --tls out here` });
  });
});

describe('listening beyond this machine without TLS', () => {
  it.each([['up', ['--port', '0']], ['trainer', ['--coordinator', '127.0.0.1:1']]])('is refused by `langevin %s`, with both ways out', async (name, args) => {
    const { code, message } = await refusal([name, ...args, '--data-dir', folder.path, '--host', '0.0.0.0']);
    expect(code).toBe('invalid_argument');
    expect(message).toBe('listening on 0.0.0.0 would let other machines in without encryption: make certificates with `langevin certs --host NAME` and name them with --tls, or say --insecure');
  });

  it('is done with --insecure, with a warning', async () => {
    await using cluster = await startCluster(folder.path, 0, ['--host', '0.0.0.0', '--insecure']);
    expect(cluster.process.stderr()).toBe(
      'langevin: warning: listening on 0.0.0.0 without encryption: whoever can read this network can read the token and the data, and give orders\n',
    );
    expect(cluster.address).toMatch(/^127\.0\.0\.1:/);
    await cluster.stop();
  });
});

describe('langevin certs', () => {
  it('says what it made, what goes where, and what stays', async () => {
    const first = await langevin(['certs', '--out', at('said'), '--host', 'head.example', '10.0.0.5', '--days', '90']);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^made a private authority: .*\/said\/ca\.pem, until \d{4}-\d\d-\d\d\nmade a certificate: .*\/said\/cert\.pem, until \d{4}-\d\d-\d\d\n {2}for +head\.example, 10\.0\.0\.5, localhost, 127\.0\.0\.1, ::1\n/);
    expect(first.stdout).toContain(`${at('said')}/ca.key stays here`);
    const second = await langevin(['certs', '--out', at('said')]);
    expect(second.stdout).toMatch(/^kept the private authority: .*\nmade a certificate: .*, until .*, in the place of one until \d{4}-\d\d-\d\d\n/);
  });

  it('refuses what is no host', async () => {
    expect(await refusal(['certs', '--out', at('refused'), '--host', 'a host'])).toMatchObject({ exitCode: 2, code: 'invalid_argument', message: expect.stringContaining('"a host" is neither a host name nor an IP address') });
  });
});
