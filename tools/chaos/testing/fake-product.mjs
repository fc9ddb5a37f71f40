import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fixtures } from './fixtures.mjs';
import { stateAfter } from './fake-protocol.mjs';

/**
 * Something that behaves like Langevin as far as the harness can see, in two small programs that train nothing: a coordinator that counts
 * commits in a file, and trainers whose state is a hash. With it the harness is tested, and each defect of it is seen to turn red.
 * @param defect name of something that it does wrong, or undefined
 */
export function fakeProduct(defect) {
  const env = { FAKE_DEFECT: defect ?? '' };
  return {
    name: 'fake',
    /** Its processes end on what they do not understand. */
    isFragile: true,
    framing: () => 'none',
    prepare: (dataDir) => void mkdirSync(join(dataDir, 'jobs'), { recursive: true }),
    certificates: () => Promise.reject(new Error('the fake speaks no TLS')),
    coordinator: ({ dataDir, port, ledger }) => ({ command: [process.execPath, fixtures.coordinator, dataDir, String(port), ledger], env }),
    trainer: ({ name, coordinator, port, ledger }) => ({ command: [process.execPath, fixtures.trainer, name, coordinator, String(port), ledger], env }),
    isCheckpointStored: (dataDir, job, step) => existsSync(join(dataDir, `${job}-${step}`)),
    client({ dataDir }) {
      const states = () => readdirSync(join(dataDir, 'jobs')).filter((file) => file.endsWith('.json'));
      return {
        submit: (spec) => void writeFileSync(join(dataDir, 'jobs', `${spec.name}.json`), JSON.stringify({ name: spec.name, steps: spec.training.steps, everySteps: spec.checkpoints.everySteps })),
        state(id) {
          if (!states().includes(`${id}.json`)) return Promise.reject(new Error(`there is no job ${id}`));
          const { steps } = JSON.parse(readFileSync(join(dataDir, 'jobs', `${id}.json`), 'utf8'));
          const log = join(dataDir, `${id}.log`);
          const step = existsSync(log) ? readFileSync(log, 'utf8').split('\n').length - 1 : 0;
          return Promise.resolve({ phase: step >= steps ? 'succeeded' : 'running', step, reason: '', weights: stateAfter(step) });
        },
        close: () => undefined,
      };
    },
  };
}
