import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChaosCluster } from './cluster.mjs';
import { microBatch, trainSamples, virtualWorkers } from './job.mjs';
import { Jobs } from './jobs.mjs';
import { LedgerTail } from './ledger-tail.mjs';

const steps = 400;
const everySteps = 10;
/** So many steps each coordinator commits before the next thing happens. */
const someSteps = 12;
const limitMs = 60_000;
/** A coordinator that wakes has so long to do harm. */
const harmMs = 4000;

/**
 * Two coordinators: the first is stopped, a second takes over and gets one of two trainers; then the first wakes, with the other trainer.
 * Leaves in `folder` what verify-folder.mjs judges.
 * @returns {Promise<string[]>} what went wrong, in words
 */
export async function takeover({ product, folder, seed, model, say }) {
  const [dataDir, ledger, there] = ['data', 'ledger', 'there'].map((name) => join(folder, name));
  await product.prepare(dataDir, model);
  const committed = [];
  const tail = new LedgerTail(ledger, (_name, fact, file) => fact.type === 'committed' && committed.push({ ...fact, file }));
  const cluster = await ChaosCluster.start({ product, folder, dataDir, ledger, trainers: ['trainer-1', 'trainer-2'], isTls: false, seed, transport: 'tcp' });
  const clients = [];
  try {
    const jobsAt = async (address) => {
      const client = await product.client({ address, dataDir, tls: undefined });
      clients.push(client);
      return new Jobs({ client, model, steps, everySteps });
    };
    const jobs = await jobsAt(cluster.address);
    await jobs.submit('handed-over');
    await until(() => committed.length >= someSteps, 'the first steps');
    cluster.hold('coordinator');
    cluster.signal('coordinator', 'SIGSTOP');
    say('the first coordinator is stopped');
    mkdirSync(there, { recursive: true });
    copyFileSync(join(dataDir, 'token'), join(there, 'token'));
    const successor = await cluster.startSuccessor({ dataDir: there, store: join(dataDir, 'store'), takeover: true });
    const before = committed.length;
    successor.move('trainer-1');
    await until(() => committed.length >= before + someSteps, 'steps of the second coordinator');
    say('the second one goes on with trainer-1; the first wakes');
    cluster.signal('coordinator', 'SIGCONT');
    await new Promise((resolve) => setTimeout(resolve, harmMs));
    successor.move('trainer-2');
    const later = await jobsAt(successor.address);
    later.follow('handed-over');
    const { phase, reason } = await later.end(limitMs);
    return phase === 'succeeded' ? [] : [`the job ended as ${phase}: ${reason}`];
  } catch (error) {
    return [error.message];
  } finally {
    for (const client of clients) client.close();
    await cluster[Symbol.asyncDispose]();
    tail.close();
    writeFileSync(join(folder, 'run.json'), JSON.stringify({ seed: 3, samples: trainSamples, virtualWorkers, microBatch, steps, jobs: ['handed-over'], undisturbedJob: null }));
  }
}

async function until(condition, what) {
  const giveUpAt = performance.now() + limitMs;
  while (!condition()) {
    if (performance.now() > giveUpAt) throw new Error(`waited ${limitMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
