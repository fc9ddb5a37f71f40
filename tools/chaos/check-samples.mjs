import { ownSampleAt } from './own-sample-order.mjs';

/**
 * Rebuilds which samples each committed step learned from, and compares them with those that the job's order gives.
 * @param options - `sampleAt` of libs/datasets, or null to do with this program's own; `commits` by step, as `checkCommits` gives them
 * @returns {{ lost: number, duplicated: number, samples: number }}
 */
export function checkSamples({ job, run, ledgers, commits, sampleAt, problem }) {
  const { virtualWorkers, microBatch } = run;
  const order = { seed: run.seed, samples: run.samples, globalBatch: virtualWorkers * microBatch };
  const computed = computedLeaves(job, ledgers);
  checkAccounts(job, ledgers, problem);
  const epochs = new Map();
  const total = { lost: 0, duplicated: 0, samples: 0 };
  for (const step of commits.keys()) {
    const tilings = tilingsOf(job, step, ledgers);
    if (tilings.length === 0) problem('no-subtrees', `no trainer says which subtrees made up step ${step} of ${job}`);
    // All who applied it must have had every leaf once; the samples are counted where that is worst.
    const made = tilings.map((tiling) => leavesOf(tiling, { job, step, virtualWorkers, computed, problem }));
    const worst = made.reduce((a, b) => (faultsOf(b) > faultsOf(a) ? b : a), made[0] ?? new Array(virtualWorkers).fill([]));
    const expected = new Map();
    const seen = new Map();
    const learned = (epoch, index, times) => {
      if (!epochs.has(epoch)) epochs.set(epoch, new Map());
      epochs.get(epoch).set(index, (epochs.get(epoch).get(index) ?? 0) + times);
      seen.set(`${epoch}:${index}`, (seen.get(`${epoch}:${index}`) ?? 0) + times);
      total.samples += times;
    };
    const said = worst.map((sources) => sources.filter((samples) => samples !== undefined));
    const epochOfStep = sampleOf(order, step, 0, sampleAt, problem).epoch;
    for (const index of said.flat(2)) learned(epochOfStep, index, 1);
    for (let slot = 0; slot < order.globalBatch; slot++) {
      const { epoch, index, weight } = sampleOf(order, step, slot, sampleAt, problem);
      if (weight === 0) continue;
      const key = `${epoch}:${index}`;
      const leaf = Math.floor(slot / microBatch);
      expected.set(key, (expected.get(key) ?? 0) + 1);
      // Who does not say which samples a leaf was made of is taken to have kept to the order.
      const unsaid = worst[leaf].length - said[leaf].length;
      if (unsaid > 0) learned(epoch, index, unsaid);
    }
    for (const key of new Set([...expected.keys(), ...seen.keys()])) {
      const [due, times] = [expected.get(key) ?? 0, seen.get(key) ?? 0];
      total.lost += Math.max(0, due - times);
      total.duplicated += Math.max(0, times - due);
    }
  }
  checkEpochs({ job, run, order, epochs, commits, problem });
  if (total.lost > 0) problem('lost-samples', `${total.lost} samples of ${job} were lost`);
  if (total.duplicated > 0) problem('duplicated-samples', `${total.duplicated} samples of ${job} were learned from more than once`);
  return total;
}

const faultsOf = (leaves) => leaves.reduce((sum, sources) => sum + Math.abs(sources.length - 1), 0);

/** The subtrees that each trainer says a step was made of; a joiner that only replays it may not know. */
function tilingsOf(job, step, ledgers) {
  return ledgers.flatMap(({ file, facts }) =>
    facts.filter((fact) => fact.type === 'applied' && fact.job === job && fact.step === step && fact.subtrees?.length > 0).map(({ subtrees }) => ({ file, subtrees })),
  );
}

/** Of each leaf of a step, the samples of each time that it is in it, undefined where nobody says them. Whoever is named for a subtree must have said that it was finished. */
function leavesOf({ file, subtrees }, { job, step, virtualWorkers, computed, problem }) {
  const sources = Array.from({ length: virtualWorkers }, () => []);
  for (const { first, leaves, trainer } of subtrees) {
    if (first < 0 || first + leaves > virtualWorkers || leaves < 1) {
      problem('no-such-leaf', `${file}: step ${step} of ${job} holds the leaves ${first} … ${first + leaves - 1} of ${virtualWorkers}`);
      continue;
    }
    for (let leaf = first; leaf < first + leaves; leaf++) {
      sources[leaf].push(computed.get(trainer)?.get(`${step}:${leaf}`));
      if (!computed.get(trainer)?.has(`${step}:${leaf}`)) problem('not-computed', `${file}: step ${step} of ${job} holds leaf ${leaf} of ${trainer}, who never said that it was computed`);
    }
  }
  const wrong = sources.flatMap(({ length }, leaf) => (length === 1 ? [] : [`${leaf} (${length} times)`]));
  if (wrong.length > 0) problem(sources.some(({ length }) => length === 0) ? 'lost-leaf' : 'doubled-leaf', `${file}: step ${step} of ${job} was applied with the leaves ${wrong.join(', ')}`);
  return sources;
}

/** By trainer and `step:leaf`, of all that it has finished over its incarnations, the samples that it says. */
function computedLeaves(job, ledgers) {
  const byTrainer = new Map();
  for (const { name, facts } of ledgers) {
    const own = byTrainer.get(name) ?? new Map();
    byTrainer.set(name, own);
    for (const fact of facts) {
      if (fact.type !== 'computed' || fact.job !== job) continue;
      for (let leaf = fact.first; leaf < fact.first + fact.leaves; leaf++) own.set(`${fact.step}:${leaf}`, fact.samples && (fact.samples[leaf - fact.first] ?? []));
    }
  }
  return byTrainer;
}

/** A leaf is made of the same samples whoever computes it, and however often: also where another's came to be in the result. */
function checkAccounts(job, ledgers, problem) {
  const accounts = new Map();
  const computed = ledgers.flatMap(({ file, facts }) => facts.filter((fact) => fact.type === 'computed' && fact.job === job && fact.samples).map((fact) => ({ file, ...fact })));
  for (const { file, step, first, samples } of computed) {
    samples.forEach((own, at) => {
      const key = `${step}:${first + at}`;
      const other = accounts.get(key) ?? { file, text: own.join(', ') };
      accounts.set(key, other);
      if (other.text !== own.join(', ')) problem('other-samples', `leaf ${first + at} of step ${step} of ${job} has the samples ${own.join(', ')} for ${file}, and ${other.text} for ${other.file}`);
    });
  }
}

/** By both implementations: they must agree on every sample that is looked at. */
function sampleOf(order, step, slot, sampleAt, problem) {
  const own = ownSampleAt(order, step, slot);
  const theirs = sampleAt?.(order, step, slot);
  if (theirs && (theirs.epoch !== own.epoch || theirs.index !== own.index || theirs.weight !== own.weight)) {
    problem('sample-order', `slot ${slot} of step ${step} is sample ${theirs.index} for libs/datasets and ${own.index} for this program`);
  }
  return own;
}

/** An epoch that is over has seen each sample of the dataset once, whatever the order is. */
function checkEpochs({ job, run, order, epochs, commits, problem }) {
  const perEpoch = Math.ceil(order.samples / order.globalBatch);
  for (const [epoch, times] of epochs) {
    const isWhole = Array.from({ length: perEpoch }, (_, i) => epoch * perEpoch + i + 1).every((step) => commits.has(step));
    if (!isWhole) continue;
    const wrong = Array.from({ length: run.samples }, (_, index) => times.get(index) ?? 0).filter((count) => count !== 1).length;
    if (wrong > 0) problem('epoch', `epoch ${epoch} of ${job} has seen ${wrong} of ${run.samples} samples never or more than once`);
  }
}
