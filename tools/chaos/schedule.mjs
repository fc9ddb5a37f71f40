import { faultKinds, linkFault, phases } from './faults.mjs';
import { seededRandom } from './seeded-random.mjs';

/** One of so many strikes brings a second one in the same step. */
const pairEvery = 4;

/** Every kind of fault × phase of the step. */
export const cells = cellsOf(Object.keys(faultKinds));

function cellsOf(kinds) {
  return kinds.flatMap((kind) => phases.map((phase) => ({ kind, phase })));
}

/** So many seeds in a row, whichever is the first, aim at every cell. Odd, so that the next cycle meets each cell with TLS where this one had none. */
export function seedsOfACycle(faults, kinds = Object.keys(faultKinds)) {
  return Math.ceil(cellsOf(kinds).length / strikesOf(faults).length) | 1;
}

/** How many faults each strike of a run has. */
function strikesOf(faults) {
  const sizes = [];
  for (let left = faults; left > 0; left -= sizes.at(-1)) sizes.push(sizes.length % pairEvery === pairEvery - 1 && left > 1 ? 2 : 1);
  return sizes;
}

/**
 * The strikes of one seed, in order: `[{ faults: [{ kind, phase, victim, plane?, link? }], gapSteps }]`. The first fault of each strike is the next cell of
 * a fixed round through all of them, of which the seed says the place: any `seedsOfACycle(faults)` seeds in a row aim at every kind in every phase. All else is
 * drawn: the order, victims, links, and the second faults, which fall into the step of the first.
 * @param options - `seed`; `faults` how many in all; `trainers` names; `isTls`; `kinds` of faults, all by default
 */
export function schedule({ seed, faults, trainers, isTls, kinds = Object.keys(faultKinds) }) {
  const all = seededRandom(0).shuffled(cellsOf(kinds));
  const random = seededRandom(seed);
  // Whoever starts is not in the step of the first fault.
  const amidst = all.filter(({ phase }) => phase !== 'joining');
  const sizes = strikesOf(faults);
  const first = (seed % seedsOfACycle(faults, kinds)) * sizes.length;
  const next = random.shuffled(sizes.map((_, i) => all[(first + i) % all.length]));
  return sizes.map((size, i) => {
    const strike = [fill(next[i], random, trainers, isTls)];
    if (size === 2) strike.push(apart([strike[0], fill(random.pick(amidst), random, trainers, isTls)], trainers, random));
    return { faults: strike, gapSteps: random.integer(2, 8) };
  });
}

function fill({ kind, phase }, random, trainers, isTls) {
  const { victims } = faultKinds[kind];
  const where = random.pick(victims);
  const victim = where === 'coordinator' ? 'coordinator' : random.pick(trainers);
  const plane = where === 'link' ? random.pick(planesFor(kind, phase, isTls)) : undefined;
  return { kind, phase, victim, ...(plane && { plane, link: linkFault(kind, random) }) };
}

function planesFor(kind, phase, isTls) {
  const { planes, planesWithoutTls = planes } = faultKinds[kind];
  const possible = isTls ? planes : planesWithoutTls;
  // From one that has just started nobody fetches yet.
  const used = possible.filter((plane) => phase !== 'joining' || plane !== 'data');
  return used.length > 0 ? used : possible;
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
