import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lengthPrefixed } from './frames.mjs';
import { models, smallDigits } from './job.mjs';

/**
 * Langevin as the harness uses it, and the only place that knows its flags and packages. `root` is the built workspace.
 * Flags that it relies on: `--ledger FOLDER` of the trainer and of the coordinator, `--transport NAME` of the trainer (`shm` | `tcp` |
 * `grpc`: two processes of one host would else share memory, and no relay would see a byte), `--advertise HOST:PORT` for what the coordinator
 * fetches, `--exchange-port PORT` and `--exchange-advertise HOST:PORT` for the exchange of gradients.
 */
export function langevin(root) {
  const require = createRequire(join(root, 'package.json'));
  const load = (name) => import(pathToFileURL(require.resolve(name)).href);
  const main = (app) => join(root, 'apps', app, 'dist', 'main.js');
  const option = (name, value) => (value === undefined ? [] : [`--${name}`, String(value)]);

  return {
    name: 'langevin',
    /** How the bytes of a plane are cut into frames, for duplicates and stale ones. */
    framing: (plane, { isTls, transport }) => (isTls ? 'none' : plane === 'exchange' && transport !== 'grpc' ? exchangeFrames : 'http2'),

    coordinator: ({ dataDir, host, port, ledger, tls, store, takeover = false }) => ({
      command: [process.execPath, main('coordinator'), '--data-dir', dataDir, '--host', host, '--port', String(port), ...option('tls', tls), ...option('ledger', ledger), ...option('store', store), ...(takeover ? ['--takeover'] : []), ...(isOpen(host, tls) ? ['--insecure'] : [])],
      env: {},
    }),

    async trainer({ name, dataDir, coordinator, host, port, exchangePort, advertise, exchangeAdvertise, ledger, tls, transport }) {
      const { runtimeEnvironment } = await load('@langevin/tf-runtime/process');
      const words = ['--coordinator', coordinator, '--token-file', join(dataDir, 'token'), '--name', name, '--cache', join(dataDir, 'cache'), '--host', host, '--port', String(port), '--advertise', advertise];
      return {
        command: [process.execPath, main('trainer'), ...words, ...option('exchange-port', exchangePort), ...option('exchange-advertise', exchangeAdvertise), ...option('tls', tls), ...option('ledger', ledger), ...option('transport', transport), ...(isOpen(host, tls) ? ['--insecure'] : [])],
        env: runtimeEnvironment({ threads: 1, device: null }),
      };
    },

    /** Puts the dataset of a model into the store of a data folder. */
    async prepare(dataDir, model) {
      const { importSource } = await load('@langevin/datasets');
      const { DirectoryStore } = await load('@langevin/registry');
      const digits = createRequire(join(root, 'libs', 'datasets', 'package.json'));
      const files = new Map();
      const readDigit = (digit) => {
        if (!files.has(digit)) files.set(digit, JSON.parse(readFileSync(digits.resolve(`mnist/src/digits/${digit}.json`), 'utf8')).data);
        return files.get(digit);
      };
      mkdirSync(dataDir, { recursive: true });
      await importSource(await DirectoryStore.open(join(dataDir, 'store')), smallDigits(models[model].size, readDigit));
    },

    /** Certificates for these hosts; gives the folder for the coordinator and for trainers. */
    async certificates(folder, hosts) {
      const { issueCertificate } = await load('@langevin/certificates');
      await issueCertificate({ folder, hosts, days: 2, now: new Date() });
      return folder;
    },

    isCheckpointStored: (dataDir, job, step) => existsSync(join(dataDir, 'store/v1/runs', job, 'ckpt', `${String(step).padStart(12, '0')}.json`)),

    /** Talks to the coordinator about jobs. */
    async client({ address, dataDir, tls }) {
      const { connect, loadTls } = await load('@langevin/rpc');
      const { DataFolder } = await load('@langevin/registry');
      const { parseJobSpec } = await load('@langevin/contracts');
      const jobs = connect(address, new DataFolder(dataDir).token(), 'Jobs', { tls: tls === undefined ? undefined : loadTls(tls, new Date()) });
      return {
        submit: (spec) => jobs.submit({ specJson: JSON.stringify(parseJobSpec(spec)) }),
        async state(id) {
          const { phase, step, reason, weightsSha256 } = await jobs.get({ id });
          return { phase: phase.replace('JOB_PHASE_', '').toLowerCase(), step: Number(step), reason, weights: weightsSha256 };
        },
        close: () => jobs.close(),
      };
    },
  };
}

/** Frames of the exchange over TCP (libs/collectives/src/exchange/frame.ts): a header, then a description and a body of the lengths that it says. */
const exchangeFrames = lengthPrefixed({ header: 64, lengthsAt: [12, 16] });

/** Beyond this machine, and unencrypted: has to be asked for. */
const isOpen = (host, tls) => tls === undefined && !host.startsWith('127.');
