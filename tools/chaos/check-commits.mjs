/**
 * What was committed, from the ledgers alone: one chain, each step once, nothing applied that was not committed.
 * `problem(code, text)` is told of each violation.
 */
export function checkCommits({ job, ledgers, steps, problem }) {
  const commits = commitsOf(job, ledgers, problem);
  for (let step = 1; step <= steps; step++) {
    if (!commits.has(step)) problem('missing-commit', `step ${step} of ${job} was never committed`);
  }
  for (const step of commits.keys()) {
    if (step > steps) problem('extra-commit', `step ${step} of ${job} was committed, which has ${steps} steps`);
  }
  const firstUs = firstCommitTimes(job, ledgers);
  for (const ledger of ledgers) checkApplied({ job, ledger, commits, firstUs, problem });
  return commits;
}

/** Commits of the job by step, over all incarnations of the coordinator. */
function commitsOf(job, ledgers, problem) {
  const commits = new Map();
  const coordinators = ledgers.map(({ file, facts }) => ({ file, facts: facts.filter((fact) => ['committed', 'reopened'].includes(fact.type) && fact.job === job) }));
  for (const { file, facts } of inOrder(coordinators.filter(({ facts }) => facts.length > 0))) {
    const highestBefore = Math.max(0, ...commits.keys());
    const own = new Set();
    for (const fact of facts) {
      if (fact.type === 'reopened') {
        for (const step of [...commits.keys()].filter((step) => step > fact.step)) commits.delete(step);
        own.clear();
        continue;
      }
      const earlier = commits.get(fact.step);
      if (earlier && earlier.chain !== fact.chain) problem('fork', `step ${fact.step} of ${job} was committed with the chain ${earlier.chain} (${earlier.file}) and ${fact.chain} (${file})`);
      // One that was killed after the line and before anybody heard of it: its successor commits that step, and only that, again.
      const isRecovery = earlier && earlier.file !== file && fact.step === highestBefore && !own.has(fact.step);
      if (earlier && !isRecovery) problem('committed-twice', `step ${fact.step} of ${job} was committed twice (${earlier.file}, ${file})`);
      own.add(fact.step);
      commits.set(fact.step, { ...fact, file });
    }
  }
  return commits;
}

/** Incarnations of the coordinator one after the other: by their clock, or by what they committed first. */
function inOrder(coordinators) {
  const firstUs = ({ facts }) => facts.find(({ us }) => us !== undefined)?.us ?? 0;
  const firstStep = ({ facts }) => Math.min(...facts.map(({ step }) => step));
  return [...coordinators].sort((a, b) => firstUs(a) - firstUs(b) || firstStep(a) - firstStep(b) || a.facts.length - b.facts.length);
}

/** When each step was committed for the first time, where the ledgers say it. */
function firstCommitTimes(job, ledgers) {
  const times = new Map();
  for (const fact of ledgers.flatMap(({ facts }) => facts)) {
    if (fact.type === 'committed' && fact.job === job && fact.us !== undefined) times.set(fact.step, Math.min(fact.us, times.get(fact.step) ?? Infinity));
  }
  return times;
}

function checkApplied({ job, ledger: { file, facts }, commits, firstUs, problem }) {
  let applied = new Set();
  for (const fact of facts) {
    if (fact.job !== job) continue;
    // Its state was replaced by a copy from others, which may be of before: from there it applies again.
    if (fact.type === 'joined') applied = new Set();
    if (fact.type !== 'applied') continue;
    const commit = commits.get(fact.step);
    if (!commit) problem('applied-uncommitted', `${file} applied step ${fact.step} of ${job}, which was never committed`);
    else if (commit.chain !== fact.chain) problem('fork', `${file} applied step ${fact.step} of ${job} with the chain ${fact.chain}, committed was ${commit.chain}`);
    const earlyUs = (firstUs.get(fact.step) ?? 0) - (fact.us ?? Infinity);
    if (earlyUs > 0) problem('early-apply', `${file} applied step ${fact.step} of ${job} ${(earlyUs / 1000).toFixed(1)} ms before it was committed`);
    if (applied.has(fact.step)) problem('applied-twice', `${file} applied step ${fact.step} of ${job} twice to the same state`);
    applied.add(fact.step);
  }
}
