import { nameIn } from './complete-ledgers.mjs';

/**
 * What was committed, from the ledgers alone: one chain, each step once, nothing applied that was not committed.
 * `problem(code, text)` is told of each violation.
 */
export function checkCommits({ job, ledgers, steps, problem }) {
  const { commits, former } = commitsOf(job, ledgers, problem);
  for (let step = 1; step <= steps; step++) {
    if (!commits.has(step)) problem('missing-commit', `step ${step} of ${job} was never committed`);
  }
  for (const step of commits.keys()) {
    if (step > steps) problem('extra-commit', `step ${step} of ${job} was committed, which has ${steps} steps`);
  }
  checkReopened({ job, ledgers, problem });
  const committedUs = commitTimes(job, ledgers);
  const alone = stepsAlone(job, ledgers);
  for (const ledger of ledgers) checkApplied({ job, ledger, commits, former, committedUs, alone, problem });
  return commits;
}

/** Commits of the job by step, over all incarnations of the coordinator; `former`: those of which every trainer was lost, with when that was. */
function commitsOf(job, ledgers, problem) {
  const commits = new Map();
  const former = [];
  const coordinators = ledgers.map(({ file, facts }) => ({ file, facts: facts.filter((fact) => ['committed', 'reopened'].includes(fact.type) && fact.job === job) }));
  for (const { file, facts } of inOrder(coordinators.filter(({ facts }) => facts.length > 0))) {
    const highestBefore = Math.max(0, ...commits.keys());
    const own = new Set();
    for (const fact of facts) {
      if (fact.type === 'reopened') {
        // The chain begins anew with the attempt.
        for (const [step, { chain }] of commits) former.push({ step, chain, untilUs: fact.us });
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
  return { commits, former };
}

/** Incarnations of the coordinator one after the other: by their clock, or by what they committed first. */
function inOrder(coordinators) {
  const firstUs = ({ facts }) => facts.find(({ us }) => us !== undefined)?.us ?? 0;
  const firstStep = ({ facts }) => Math.min(...facts.map(({ step }) => step));
  return [...coordinators].sort((a, b) => firstUs(a) - firstUs(b) || firstStep(a) - firstStep(b) || a.facts.length - b.facts.length);
}

/** When a step was first committed in the attempt that ran at that time; what only an earlier one has committed may be replayed. */
function commitTimes(job, ledgers) {
  const timesOf = (type) => ledgers.flatMap(({ facts }) => facts.filter((fact) => fact.type === type && fact.job === job && fact.us !== undefined));
  const commits = timesOf('committed');
  const reopened = timesOf('reopened').map(({ us }) => us);
  return (step, atUs) => {
    const times = commits.filter((commit) => commit.step === step).map(({ us }) => us);
    const sinceUs = Math.max(0, ...reopened.filter((us) => us <= atUs));
    const ofAttempt = times.filter((us) => us >= sinceUs);
    return Math.min(...(ofAttempt.length > 0 ? ofAttempt : times));
  };
}

function checkApplied({ job, ledger: { file, name, facts }, commits, former, committedUs, alone, problem }) {
  const mayBeEarly = ({ step, us = Infinity }) => (alone.get(step)?.get(name) ?? Infinity) <= us;
  let applied = new Set();
  for (const fact of facts) {
    if (fact.job !== job) continue;
    // Its state was replaced by a copy from others, which may be of before: from there it applies again.
    if (fact.type === 'joined') applied = new Set();
    if (fact.type === 'applying' && !mayBeEarly(fact)) checkTime({ job, file, fact, committedUs, problem });
    if (fact.type !== 'applied') continue;
    const isFormer = former.some(({ step, chain, untilUs }) => step === fact.step && chain === fact.chain && (fact.us ?? 0) < untilUs);
    const commit = isFormer ? fact : commits.get(fact.step);
    if (!commit) problem('applied-uncommitted', `${file} applied step ${fact.step} of ${job}, which was never committed`);
    else if (commit.chain !== fact.chain) problem('fork', `${file} applied step ${fact.step} of ${job} with the chain ${fact.chain}, committed was ${commit.chain}`);
    if (!mayBeEarly(fact)) checkTime({ job, file, fact, committedUs, problem });
    if (applied.has(fact.step)) problem('applied-twice', `${file} applied step ${fact.step} of ${job} twice to the same state`);
    applied.add(fact.step);
  }
}

/** Who was given a step alone, by step, and since when: what that one holds is what all hold, so it is committed before the coordinator hears of it. */
function stepsAlone(job, ledgers) {
  const alone = new Map();
  for (const [ledger, fact] of ledgers.flatMap((each) => each.facts.map((fact) => [each, fact]))) {
    if (fact.type !== 'begun' || fact.job !== job || fact.shares?.length !== 1) continue;
    const name = nameIn(ledger)(fact.shares[0].trainerId);
    const since = alone.get(fact.step) ?? new Map();
    alone.set(fact.step, since.set(name, Math.min(fact.us ?? 0, since.get(name) ?? Infinity)));
  }
  return alone;
}

function checkTime({ job, file, fact: { step, us }, committedUs, problem }) {
  const earlyUs = us === undefined ? 0 : committedUs(step, us) - us;
  if (earlyUs > 0 && earlyUs < Infinity) problem('early-apply', `${file} applied step ${step} of ${job} ${(earlyUs / 1000).toFixed(1)} ms before it was committed`);
}

/** Only when nobody has the state any more a job may go back to its checkpoint. */
function checkReopened({ job, ledgers, problem }) {
  const of = (type) => ledgers.flatMap(({ file, facts }) => facts.filter((fact) => fact.type === type && fact.job === job && fact.us !== undefined).map((fact) => ({ file, ...fact })));
  const [committed, applied] = [of('committed'), of('applied')];
  for (const { step, us } of of('reopened')) {
    const newest = Math.max(0, ...committed.filter((fact) => fact.us < us).map((fact) => fact.step));
    const held = applied.find((fact) => fact.step === newest && fact.us < us && newest > step && ledgers.some(({ file, facts }) => file === fact.file && facts.some((later) => later.us > us)));
    if (held) problem('rolled-back', `${job} went back from step ${newest} to ${step}, though ${held.file} had the state after it and lived on`);
  }
}
