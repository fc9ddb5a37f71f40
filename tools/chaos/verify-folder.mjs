import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkCommits } from './check-commits.mjs';
import { checkSamples } from './check-samples.mjs';
import { checkStates } from './check-states.mjs';
import { completeLedgers } from './complete-ledgers.mjs';
import { readLedgers } from './facts.mjs';
import { attributedMs, faultTimes } from './fault-times.mjs';

/** Problems of one kind that are told in full; the others are counted. */
const toldOfAKind = 5;

/**
 * Judges a run from what was written while it ran.
 *
 * FOLDER/run.json          { seed, samples, virtualWorkers, microBatch, steps, jobs: [id …], undisturbedJob: id | null }
 * FOLDER/ledger/           ledgers of the coordinator and of every trainer, all incarnations
 * FOLDER/undisturbed/      the same of the run without faults, if there was one
 * FOLDER/strikes.jsonl     what the harness did, and when
 *
 * @param sampleAt of libs/datasets; null does without that second opinion
 */
export function verifyFolder(folder, sampleAt) {
  const run = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
  const ledgers = completeLedgers(readLedgers(join(folder, 'ledger')));
  const undisturbed = run.undisturbedJob ? { job: run.undisturbedJob, ledgers: completeLedgers(readLedgers(join(folder, 'undisturbed'))) } : null;
  const problems = [];
  const problem = (code, text) => problems.push({ code, text });
  const sums = { lost: 0, duplicated: 0, samples: 0, steps: 0 };
  let isIdentical = run.jobs.length > 0;
  const judge = (job, books, reference) => {
    const commits = checkCommits({ job, ledgers: books, steps: run.steps, problem });
    const { lost, duplicated, samples } = checkSamples({ job, run, ledgers: books, commits, sampleAt, problem });
    const isSame = checkStates({ job, ledgers: books, commits, undisturbed: reference, problem });
    return { lost, duplicated, samples, steps: commits.size, isSame };
  };
  for (const job of run.jobs) {
    const { isSame, ...found } = judge(job, ledgers, undisturbed);
    isIdentical &&= isSame;
    for (const name of Object.keys(sums)) sums[name] += found[name];
  }
  if (undisturbed) judge(undisturbed.job, undisturbed.ledgers, null);
  const strikes = readStrikes(folder);
  const losses = ledgers.flatMap(({ facts }) => facts.filter(({ type }) => type === 'lost'));
  for (const { trainer, why } of losses.filter((loss) => !isCaused(loss, strikes))) problem('false-suspicion', `${trainer} was taken for lost: ${why}`);
  return {
    identical: isIdentical,
    lostSamples: sums.lost,
    duplicatedSamples: sums.duplicated,
    faults: strikes.filter(({ type }) => type === 'fault').length,
    withoutEffect: strikes.filter(({ type }) => type === 'no-effect').length,
    recomputedLeaves: ledgers.flatMap(({ facts }) => facts).reduce((sum, fact) => sum + (fact.type === 'recomputed' ? fact.leaves : 0), 0),
    losses: losses.length,
    ...faultTimes(strikes, ledgers),
    steps: sums.steps,
    samples: sums.samples,
    jobs: run.jobs.length,
    problems: shortened(problems),
  };
}

/**
 * Whether something was done to who was lost, or it ended, not long before. What is done to the coordinator is no reason to miss a trainer, with one
 * exception: who has given up a coordinator that was stopped has closed its connection.
 */
function isCaused({ trainer, why, detectedAtMs }, strikes) {
  const isCause = ({ type, kind, victim, name }) =>
    (['fault', 'left', 'exit'].includes(type) && (victim ?? name) === trainer) || (kind === 'sigstop' && victim === 'coordinator' && /^(connection closed|it has connected anew)$/.test(why));
  return strikes.some((strike) => isCause(strike) && strike.atMs <= detectedAtMs + 1 && strike.atMs > detectedAtMs - attributedMs);
}

/** Whether a report is what a run must end with. */
export function isGood({ identical, lostSamples, duplicatedSamples, problems }) {
  return identical && lostSamples === 0 && duplicatedSamples === 0 && problems.length === 0;
}

function readStrikes(folder) {
  const file = join(folder, 'strikes.jsonl');
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => JSON.parse(line));
}

function shortened(problems) {
  const counts = new Map();
  const told = problems.filter(({ code }) => {
    counts.set(code, (counts.get(code) ?? 0) + 1);
    return counts.get(code) <= toldOfAKind;
  });
  const more = [...counts].filter(([, count]) => count > toldOfAKind).map(([code, count]) => ({ code, text: `and ${count - toldOfAKind} more of this kind` }));
  return [...told, ...more];
}
