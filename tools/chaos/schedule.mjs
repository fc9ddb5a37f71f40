import { faultKinds, linkFault, phases } from './faults.mjs';
import { seededRandom } from './seeded-random.mjs';

/** One of so many strikes brings a second one in the same step. */
const pairEvery = 4;

/** Every kind of fault × phase of the step. */
export const cells = cellsOf(Object.keys(faultKinds));

function cellsOf(kinds) {
  return kinds.flatMap((kind) => phases.map((phase) => ({ kind, phase })));
}

/** So many seeds in a row, from a multiple of it on, hit every cell. */
export function seedsOfACycle(faults, kinds = Object.keys(faultKinds)) {
  return Math.ceil(cellsOf(kinds).length / faults);
}

/**
 * The strikes of one seed, in order: `[{ faults: [{ kind, phase, victim, plane?, link? }], gapSteps }]`. Two faults of one strike fall into the
 * same step. Seeds that follow one another go through all cells in an order of their own for each cycle, so that `seedsOfACycle(faults)` of
 * them, from a multiple on, aim at every kind in every phase.
 * @param options - `seed`; `faults` how many in all; `trainers` names; `isTls`; `kinds` of faults, all by default
 */
export function schedule({ seed, faults, trainers, isTls, kinds = Object.keys(faultKinds) }) {
  if (faults === 0) return [];
  const cycle = seedsOfACycle(faults, kinds);
  const order = seededRandom(Math.floor(seed / cycle)).shuffled(cellsOf(kinds));
  const random = seededRandom(seed + 0x5eed);
  const first = (seed % cycle) * faults;
  const chosen = Array.from({ length: faults }, (_, i) => fill(order[(first + i) % order.length], random, trainers, isTls));
  const strikes = [];
  for (let at = 0; at < chosen.length; ) {
    const isPair = strikes.length % pairEvery === pairEvery - 1 && at + 1 < chosen.length;
    const pair = chosen.slice(at, at + (isPair ? 2 : 1));
    if (isPair) pair[1] = apart(pair, trainers, random);
    strikes.push({ faults: pair, gapSteps: random.integer(2, 8) });
    at += pair.length;
  }
  return strikes;
}

function fill({ kind, phase }, random, trainers, isTls) {
  const { victims, planes, planesWithoutTls = planes } = faultKinds[kind];
  const where = random.pick(victims);
  const victim = where === 'coordinator' ? 'coordinator' : random.pick(trainers);
  const plane = where === 'link' ? random.pick(isTls ? planes : planesWithoutTls) : undefined;
  return { kind, phase, victim, ...(plane && { plane, link: linkFault(kind, random) }) };
}

/** Two faults of one step strike two victims, one of whom may be the coordinator: one trainer must be left alive. */
function apart([one, other], trainers, random) {
  if (one.victim !== other.victim) return other;
  return { ...other, victim: random.pick(trainers.filter((name) => name !== one.victim)) };
}

/** The strikes that took effect: of a connection over which nothing came there is nothing to be said. */
export function effective(strikes) {
  const idle = new Set(strikes.filter(({ type }) => type === 'no-effect').map(({ n }) => n));
  return strikes.filter(({ type, n }) => type === 'fault' && !idle.has(n));
}

/** How often each kind struck in each phase, as rows of a table; a dot is a cell that was never hit. */
export function coverageTable(strikes, field = 'landed') {
  const hits = effective(strikes);
  const width = Math.max(...Object.keys(faultKinds).map((kind) => kind.length));
  const count = (kind, phase) => hits.filter((strike) => strike.kind === kind && strike[field] === phase).length;
  const row = (head, values) => [head.padEnd(width), ...values.map((value, i) => String(value).padStart(phases[i].length))].join('  ');
  return [row('', phases), ...Object.keys(faultKinds).map((kind) => row(kind, phases.map((phase) => count(kind, phase) || '·')))];
}

/** The cells that no strike has hit. */
export function missedCells(strikes, field = 'landed') {
  const hits = effective(strikes);
  return cells.filter(({ kind, phase }) => !hits.some((strike) => strike.kind === kind && strike[field] === phase)).map(({ kind, phase }) => `${kind}/${phase}`);
}
