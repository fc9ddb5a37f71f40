import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cacheRoot } from '@langevin/tf-runtime';
import { runtimeEnvironment } from '@langevin/tf-runtime/process';
import { writeDiffusersDirectory } from '../../tools/interop/diffusers-directory.mjs';
import { alternate } from '../comparison.mjs';
import { startSide } from './child.mjs';
import { batch, benchmarkJob, samplingSteps } from './jobs.mjs';
import { busySeconds } from './machine.mjs';

const local = (path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * One comparison: both sides start from the same weights and take turns.
 * @param facts `model`, `precision`, `mode` and `peer`: what the result is about
 * @param python that of the peers' environment
 * @param folder where the network may be written
 * @returns the result; what both sides say of themselves; `othersCpu`, the share of the processors that other processes took meanwhile
 */
export async function compare(facts, { rounds, threads, python, folder }) {
  const { model, precision, mode, peer } = facts;
  const spec = benchmarkJob(model, precision);
  const directory = join(folder, model);
  writeDiffusersDirectory(directory, spec);
  // The same allocator and the same number of threads on both sides, and no GPU; TensorFlow's own variables mean nothing to PyTorch.
  const env = { ...process.env, ...runtimeEnvironment({ threads, device: null }), TORCHINDUCTOR_CACHE_DIR: join(cacheRoot(), 'torchinductor') };
  const { learningRate, ema } = spec.training;
  const options = { peer, mode, precision, directory, threads, batch, samplingSteps, learningRate, ema };
  const sides = [];
  try {
    const ours = await startSide(process.execPath, [local('ours.mjs'), JSON.stringify({ model, mode, precision })], env);
    sides.push(ours);
    const theirs = await startSide(python, [local('peer.py'), JSON.stringify(options)], env);
    sides.push(theirs);
    if (ours.parameters !== theirs.parameters) throw new Error(`${model}: Langevin's network has ${ours.parameters} parameters, that of diffusers ${theirs.parameters}`);
    const { result, othersCpu } = await takeTurns(alternate(facts), { ours, theirs, rounds, threads });
    return { result, parameters: ours.parameters, about: { ours: ours.about, theirs: theirs.about }, othersCpu };
  } finally {
    await Promise.all(sides.map((side) => side.stop()));
  }
}

async function takeTurns(comparison, { ours, theirs, rounds, threads }) {
  const [startMs, startBusy] = [performance.now(), busySeconds()];
  let own = 0;
  const rateOfRound = (side) => async () => {
    const { rate, cpuSeconds } = await side.round();
    own += cpuSeconds;
    return rate;
  };
  for (let round = 1; round <= rounds; round += 1) {
    await comparison.round({ counts: true, oursFirst: round % 2 === 0, ours: rateOfRound(ours), theirs: rateOfRound(theirs) });
  }
  const available = ((performance.now() - startMs) / 1000) * threads;
  const othersCpu = Math.max(0, (busySeconds() - startBusy - own) / available);
  return { result: comparison.result(), othersCpu };
}
