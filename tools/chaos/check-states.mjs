/**
 * Every trainer had the same state after each step, and the run that nobody disturbed had it too.
 * @returns {boolean} whether all that could be compared is equal, and every committed step could be
 */
export function checkStates({ job, ledgers, commits, undisturbed, problem }) {
  const reference = undisturbed === null ? null : statesOf(undisturbed.job, undisturbed.ledgers);
  const states = statesOf(job, ledgers);
  let isIdentical = true;
  const differs = (code, text) => {
    isIdentical = false;
    problem(code, text);
  };
  for (const step of commits.keys()) {
    const own = states.get(step) ?? [];
    const [first] = own;
    if (!first) {
      differs('no-state', `no trainer noted its state after step ${step} of ${job}`);
      continue;
    }
    const other = own.find(({ state }) => state !== first.state);
    if (other) differs('diverged', `after step ${step} of ${job} ${first.file} has the state ${first.state} and ${other.file} has ${other.state}`);
    const whole = reference?.get(step)?.[0];
    if (reference !== null && !whole) differs('no-reference', `the undisturbed run has no state after step ${step}`);
    else if (whole && own.some(({ state }) => state !== whole.state)) differs('not-identical', `after step ${step} of ${job} the state is ${first.state}, undisturbed it is ${whole.state}`);
  }
  if (commits.size === 0) isIdentical = false;
  return isIdentical && reference !== null;
}

function statesOf(job, ledgers) {
  const states = new Map();
  for (const { file, facts } of ledgers) {
    for (const fact of facts) {
      if (fact.type !== 'applied' || fact.job !== job) continue;
      states.set(fact.step, [...(states.get(fact.step) ?? []), { file, state: fact.state }]);
    }
  }
  return states;
}
