/**
 * Adds to the ledgers what follows from the coordinator's plans: of which subtrees a step was made, who was lost by name, what was computed
 * once more, and when that began to bear fruit. Ledgers that say it themselves stay as they are.
 */
export function completeLedgers(ledgers) {
  const facts = ledgers.flatMap((ledger) => ledger.facts);
  const plans = plansByStep(ledgers);
  const computed = computedLeaves(ledgers);
  const hasOwnRecomputed = facts.some(({ type }) => type === 'recomputed');
  return ledgers.map((ledger) => ({
    ...ledger,
    facts: ledger.facts.flatMap((fact) => {
      if (fact.type === 'lost') return [{ ...fact, trainer: nameIn(ledger)(fact.trainer) }];
      if (fact.type === 'applied' && fact.subtrees === undefined) return [{ ...fact, subtrees: planBehind(plans.get(keyOf(fact)), fact, computed)?.subtrees }];
      if (fact.type !== 'computed' || hasOwnRecomputed || !isMoved(fact, ledger.name, plans)) return [fact];
      const { job, step, first, leaves, generation, atMs } = fact;
      return [fact, { type: 'recomputed', job, step, first, leaves }, ...(atMs === undefined ? [] : [{ type: 'resumed', job, step, generation, atMs }])];
    }),
  }));
}

const keyOf = ({ job, step }) => `${job}:${step}`;

const nameTables = new WeakMap();

/** Names by the ids of one term of the coordinator, and so of one ledger. */
export function nameIn(ledger) {
  if (!nameTables.has(ledger)) {
    const members = ledger.facts.flatMap((fact) => fact.members ?? []).filter((member) => typeof member === 'object');
    nameTables.set(ledger, new Map(members.map(({ trainerId, name }) => [trainerId, name])));
  }
  return (id) => nameTables.get(ledger).get(id) ?? id;
}

/** The plans of each step, lowest generation first. */
function plansByStep(ledgers) {
  const plans = new Map();
  for (const [ledger, fact] of ledgers.flatMap((each) => each.facts.map((fact) => [each, fact]))) {
    if (fact.type !== 'begun') continue;
    const subtrees = (fact.shares ?? []).flatMap((share) => share.subtrees.map(({ first, leaves }) => ({ first, leaves, trainer: nameIn(ledger)(share.trainerId) })));
    plans.set(keyOf(fact), [...(plans.get(keyOf(fact)) ?? []), { generation: fact.generation, subtrees }]);
  }
  for (const list of plans.values()) list.sort((a, b) => a.generation - b.generation);
  return plans;
}

/** `job:step:leaf:trainer` of all that was finished. */
function computedLeaves(ledgers) {
  const all = new Set();
  for (const { name, facts } of ledgers) {
    for (const { type, job, step, first, leaves } of facts) {
      for (let leaf = first; type === 'computed' && leaf < first + leaves; leaf++) all.add(`${job}:${step}:${leaf}:${name}`);
    }
  }
  return all;
}

/**
 * The plan that a result came from: the newest of which everything was finished. A newer one may have crossed with the last result of the
 * one before, and then nobody computes what it has moved. Where none was finished, the newest, so that what is missing shows.
 */
function planBehind(plans = [], { job, step }, computed) {
  const isFinished = ({ first, leaves, trainer }) => Array.from({ length: leaves }, (_, i) => computed.has(`${job}:${step}:${first + i}:${trainer}`)).every(Boolean);
  return plans.findLast(({ subtrees }) => subtrees.every(isFinished)) ?? plans.at(-1);
}

/** Whether the subtree was somebody else's in the first plan of the step. */
function isMoved({ job, step, first }, name, plans) {
  const before = plans.get(keyOf({ job, step }))?.[0]?.subtrees.find((subtree) => first >= subtree.first && first < subtree.first + subtree.leaves);
  return before !== undefined && before.trainer !== name;
}
