import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot } from '@langevin/tf-runtime';
import { runtimeEnvironment } from '@langevin/tf-runtime/process';
import { writeDiffusersDirectory } from '../../tools/interop/diffusers-directory.mjs';
import { alternate } from '../comparison.mjs';
import { startSide } from '../step/child.mjs';
import { busySeconds } from '../step/machine.mjs';
import { startCluster } from './cluster.mjs';
import { leafBatch, scaleJob, workers } from './jobs.mjs';
import { ownSeconds } from './processes.mjs';

/** How long a side computes in a round, at least: as long on both sides, and two rounds of `startSide`. */
const windowMs = 4600;
const sideRounds = 2;

const bareLoop = fileURLToPath(new URL('./bare.mjs', import.meta.url));
const ddp = fileURLToPath(new URL('./ddp.py', import.meta.url));

/** The same allocator and the same number of threads on all sides, and no GPU. */
const environment = () => ({ ...process.env, ...runtimeEnvironment({ threads: 1, device: null }), OMP_NUM_THREADS: '1', TORCHINDUCTOR_CACHE_DIR: join(cacheRoot(), 'torchinductor') });

/**
 * Two trainers beside PyTorch's DistributedDataParallel with as many processes.
 * @param python that of the peers' environment
 * @param folder where the network and the cluster may be written
 * @returns as `takeTurns`
 */
export function compareWithPeer(model, { rounds, python, folder }) {
  const spec = scaleJob(model, workers);
  const directory = join(folder, `${model}-network`);
  writeDiffusersDirectory(directory, spec);
  const { learningRate, ema } = spec.training;
  const options = { ranks: workers, precision: 'fp32', directory, batch: leafBatch, learningRate, ema };
  return takeTurns({ model, peer: 'ddp-gloo' }, { rounds, trainers: workers, folder }, () => startSide(python, [ddp, JSON.stringify(options)], environment()));
}

/** One trainer beside the same steps in a process of their own, with nobody to tell of them. @returns as `takeTurns` */
export function compareWithBareLoop(model, { rounds, folder }) {
  return takeTurns({ model, peer: 'bare-loop' }, { rounds, trainers: 1, folder }, () => startSide(process.execPath, [bareLoop, model], environment()));
}

/** @returns the result; what the sides say of themselves; `othersCpu`, the share of the processors that other processes took meanwhile */
async function takeTurns({ model, peer }, { rounds, trainers, folder }, startPeer) {
  const data = join(folder, `${model}-${peer}`);
  mkdirSync(data);
  const sides = [];
  const spent = { ms: 0, busy: 0, own: 0 };
  const measured = async (work) => {
    const [startMs, startBusy, startOwn] = [performance.now(), busySeconds(), ownSeconds()];
    const rate = await work();
    spent.ms += performance.now() - startMs;
    spent.busy += busySeconds() - startBusy;
    spent.own += ownSeconds() - startOwn;
    return rate;
  };
  try {
    const ours = await startCluster(model, { trainers, folder: data, windowMs });
    sides.push(ours);
    const theirs = await startPeer();
    sides.push(theirs);
    const comparison = alternate({ model, peer });
    for (let round = 1; round <= rounds; round += 1) {
      await comparison.round({ counts: true, oursFirst: round % 2 === 0, ours: () => ours.round(measured), theirs: () => measured(() => rateOfSide(theirs)) });
    }
    const available = (spent.ms / 1000) * workers;
    return { result: comparison.result(), about: { ...ours.about, [peer]: theirs.about }, othersCpu: Math.max(0, (spent.busy - spent.own) / available) };
  } finally {
    await Promise.all(sides.map((side) => side.stop()));
  }
}

async function rateOfSide(side) {
  const total = { images: 0, seconds: 0 };
  for (let round = 0; round < sideRounds; round += 1) {
    const { rate, seconds } = await side.round();
    total.images += rate * seconds;
    total.seconds += seconds;
  }
  return total.images / total.seconds;
}
