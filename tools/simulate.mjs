// `npm run simulate -- --seed S`: plays a seeded schedule of faults in a simulated cluster, and prints what was decided.
import { exitWith } from './bootstrap/exit-with.mjs';
import { build } from './bootstrap/build.mjs';
import { root } from './bootstrap/workspace.mjs';

const help = `Usage: npm run simulate -- --seed S [options]

Plays a cluster under a virtual clock and a simulated network: trainers and the coordinator are killed, frozen, cut off and drained, at
moments that follow from the seed. The job must end with the state of an undisturbed run. Without --schedules each decision is printed.

Options:
  --seed S         the first seed (default: one of now, which is printed)
  --schedules K    K seeds from there on; prints those that fail, and how many were played a minute
  --trainers N     so many at the start; from 10 on one job on a large cluster with a few faults, whose messages and coordinator time are printed
  --defect NAME    a mistake that is made on purpose
  --json           one JSON object
  --help           this text

It ends with code 1 when a promise was broken.
`;

function readOptions(args) {
  const options = { seed: Date.now() % 1_000_000_000, schedules: null, trainers: undefined, defect: undefined, json: false };
  for (let i = 0; i < args.length; i++) {
    const name = args[i].replace(/^--/, '');
    if (name === 'json') options.json = true;
    else if (name === 'defect') options.defect = args[++i];
    else if (['seed', 'schedules', 'trainers'].includes(name) && /^\d+$/.test(args[i + 1] ?? '')) options[name] = Number(args[++i]);
    else throw new Error(`unknown option ${args[i]}; --help shows what is possible`);
  }
  return options;
}

const cpuMs = () => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

function playOne({ simulate, scheduleOf, largeCluster }, { seed, trainers, defect, json }) {
  const isLarge = (trainers ?? 0) >= 10;
  const steps = 12;
  const options = isLarge ? largeCluster(trainers, { seed, cpuMs, steps }) : scheduleOf(seed, { trainers, defect });
  const startMs = performance.now();
  const report = simulate(json || isLarge ? options : { ...options, onDecision: (line) => console.log(line) });
  const perStep = isLarge ? { messagesPerStep: Math.round(report.messages / steps), coordinatorMsPerStep: Number((report.cpuMs / steps).toFixed(2)) } : {};
  const all = { ...report, ...perStep, wallMs: Math.round(performance.now() - startMs) };
  if (json) console.log(JSON.stringify(all));
  else console.log(`seed ${seed}: ${report.problem ?? 'every promise was kept'}\n${JSON.stringify(all)}`);
  return report.problem === null ? 0 : 1;
}

function playMany({ simulate, scheduleOf }, { seed, schedules, trainers, defect, json }) {
  const startMs = performance.now();
  const failed = [];
  for (let next = seed; next < seed + schedules; next++) {
    const { problem } = simulate(scheduleOf(next, { trainers, defect }));
    if (problem !== null) failed.push({ seed: next, problem });
  }
  const perMinute = Math.round((schedules / (performance.now() - startMs)) * 60_000);
  if (json) console.log(JSON.stringify({ firstSeed: seed, schedules, perMinute, failed }));
  else {
    for (const one of failed) console.log(`seed ${one.seed}: ${one.problem}\n  npm run simulate -- --seed ${one.seed}`);
    console.log(`${schedules} schedules from seed ${seed} on: ${failed.length} failed; ${perMinute} a minute`);
  }
  return failed.length === 0 ? 0 : 1;
}

async function main() {
  const args = process.argv.slice(2);
  if (args.includes('--help')) return void process.stdout.write(help);
  const options = readOptions(args);
  await build(root, 'libs/cluster-core/tsconfig.lib.json');
  const simulation = await import('../libs/cluster-core/dist/simulation/index.js');
  return options.schedules === null ? playOne(simulation, options) : playMany(simulation, options);
}

exitWith(main);
