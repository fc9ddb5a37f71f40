import { seedsOfACycle } from '../chaos/schedule.mjs';
import { supervise } from './supervise.mjs';
import { verdict } from './tally.mjs';

const faults = 5;
const rounds = 2 ** 24;

/** Which campaign is next in the round through all kinds of fault and phases: one more with each commit. Without a whole history the clock says it. */
async function place(root) {
  const git = async (...args) => (await supervise('git', args, { cwd: root })).output.trim();
  const isWhole = (await git('rev-parse', '--is-shallow-repository')) === 'false';
  return isWhole ? Number(await git('rev-list', '--count', 'HEAD')) : Math.floor(Date.now() / 60_000);
}

/** A campaign of faults on a real cluster, another one each time. What it strikes follows from the history, all else is drawn. */
export async function chaos(root) {
  const cycle = seedsOfACycle(faults);
  const seed = Math.floor(Math.random() * rounds) * cycle + ((await place(root)) % cycle);
  const { code, output, leftovers } = await supervise(process.execPath, [`${root}/tools/chaos.mjs`, '--seed', String(seed), '--faults', String(faults), '--json'], { cwd: root });
  return verdict(code === 0 && leftovers.length === 0, [output, ...leftovers].join('\n'), `npm run chaos -- --seed ${seed} --faults ${faults}`);
}
