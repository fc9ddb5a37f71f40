const runner = 'apps/trainer/dist/job/step-runner.js';
const alone = 'if (isOrdered && isAlone(order) && held.result.finite)';
const batches = 'apps/trainer/dist/job/leaf-batches.js';
const slots = 'const slots = Array.from({ length: microBatch }, (_, place) => sampleAt(order, step, firstSlot + place));';
const kill = (victim, phase) => ({ faults: [{ kind: 'sigkill', victim, phase }], gapSteps: 4 });

/**
 * Defects that Langevin might have, each as a change of what is built, with the strikes during which it shows and the problems that verify
 * must find then; `run` is what the harness itself sees: a job that fails, or stands still.
 */
export const plantedDefects = {
  none: { changes: [], strikes: [kill('trainer-1', 'exchanging'), kill('coordinator', 'prepared')], codes: [] },
  'early-apply': {
    what: 'a trainer applies what it has prepared, before the commit',
    changes: [{ file: runner, from: alone, to: 'if (held.result.finite)' }],
    strikes: [kill('trainer-1', 'computing')],
    codes: ['early-apply'],
  },
  'early-free': {
    what: 'a trainer frees partial sums and result as soon as it holds the result: others may need them still',
    model: '8x8',
    changes: [{ file: 'libs/collectives/dist/exchange/step-exchange.js', from: '            this.#settle.resolve(held);\n', to: '            this.#settle.resolve(held);\n            this.commit();\n            this.#tools.shelf.drop(resultName(this.address));\n' }],
    strikes: [kill('trainer-1', 'agreeing'), kill('trainer-2', 'prepared')],
    codes: ['run', 'diverged', 'not-identical', 'missing-commit'],
  },
  'no-log': {
    what: 'the coordinator writes nothing down',
    changes: [{ file: 'apps/coordinator/dist/job-journal.js', from: '    observe(before, after, effects) {\n', to: '    observe(before, after, effects) {\n        return;\n' }],
    strikes: [kill('coordinator', 'prepared')],
    codes: ['run', 'missing-commit', 'committed-twice'],
  },
  'lost-sample': {
    what: 'a trainer leaves a sample out now and then',
    changes: [{ file: batches, from: slots, to: `${slots}\n    if (step % 7 === 0 && leaf === 5) slots[1] = { ...slots[1], weight: 0 };` }],
    strikes: [kill('trainer-2', 'exchanging')],
    codes: ['lost-samples'],
  },
  'doubled-sample': {
    what: 'a trainer takes a sample twice now and then, in place of its neighbour',
    changes: [{ file: batches, from: slots, to: `${slots}\n    if (step % 7 === 0 && leaf === 5) slots[1] = slots[0];` }],
    strikes: [kill('trainer-2', 'exchanging')],
    codes: ['duplicated-samples'],
  },
  'no-fence': {
    what: 'a coordinator that has slept does not ask whether another has taken over',
    changes: [
      { file: 'apps/coordinator/dist/authority.js', from: "isAwake: () => lease.standing(sleepAwareClock()) !== 'stale'", to: 'isAwake: () => true' },
      { file: 'libs/coordinator-log/dist/coordinator-lease.js', from: '            return this.#fenced();\n', to: '            return;\n' },
    ],
    takeover: true,
    codes: ['committed-twice', 'fork'],
  },
};
