import { setTimeout as sleep } from 'node:timers/promises';
import { importSource } from '@langevin/datasets';
import { DataFolder, openStore, storeOfDataFolder } from '@langevin/registry';
import { connect, receive } from '@langevin/rpc';
import { startLocalCluster } from '../../apps/cli/dist/cluster-processes.js';
import { globalBatch, noiseDataset, scaleJob } from './jobs.mjs';
import { untilIdle } from './processes.mjs';

/** Training before a window of measurement, after its job's first step. */
const warmUpMs = 1500;

/**
 * A side of the comparison: a coordinator and trainers of one thread, as `langevin up` starts them. Each round trains a job of its own,
 * which is cancelled in the end: until the next one the processes wait and send heartbeats.
 * @param folder of the cluster's own
 * @param windowMs how long steps are counted in a round, at least
 */
export async function startCluster(model, { trainers, folder, windowMs }) {
  const spec = scaleJob(model, trainers);
  const dataFolder = new DataFolder(folder);
  await importSource(await openStore(storeOfDataFolder(folder)), noiseDataset(spec));
  const cluster = await startLocalCluster({ dataDir: folder, port: 0, httpPort: 0, samples: false, trainers, threads: 1, devices: [null] });
  const jobs = connect(cluster.address, dataFolder.token(), 'Jobs');
  let rounds = 0;
  return {
    about: { exchange: spec.exchange },
    /** Images a second: from one commit to another, each as it is heard of. */
    async round(measured) {
      const id = `${spec.name}-${++rounds}`;
      await jobs.submit({ specJson: JSON.stringify({ ...spec, name: id }) });
      await nextCommit(jobs, id);
      await sleep(warmUpMs);
      const rate = await measured(async () => {
        const from = await nextCommit(jobs, id);
        await sleep(windowMs);
        const to = await nextCommit(jobs, id);
        return ((to.step - from.step) * globalBatch * 1000) / (to.atMs - from.atMs);
      });
      const { trainers: names } = await jobs.cancel({ id });
      if (names.length !== trainers) throw new Error(`${id} was trained by ${names.length} trainers instead of ${trainers}`);
      await untilIdle();
      return rate;
    },
    async stop() {
      jobs.close();
      await cluster[Symbol.asyncDispose]();
    },
  };
}

/** Resolves when the next step of a job is committed. Nobody watches the job afterwards: being watched costs time in every step. */
async function nextCommit(jobs, id) {
  const stop = new AbortController();
  let before;
  try {
    for await (const { step, phase, reason } of receive(jobs.watch({ id }, { signal: stop.signal }), jobs.peer)) {
      if (phase === 'JOB_PHASE_FAILED') throw new Error(`${id} failed at step ${step}: ${reason}`);
      before ??= Number(step);
      if (Number(step) > before) return { step: Number(step), atMs: performance.now() };
    }
  } finally {
    stop.abort();
  }
  throw new Error(`${id} ended before its next step`);
}
