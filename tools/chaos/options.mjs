import { parseArgs } from 'node:util';
import { faultKinds } from './faults.mjs';
import { models } from './job.mjs';

/** A job lasts longer than a trainer needs to come back. */
const stepsOf = { '8x8': 60, '8x8-wide': 40, '8x8-tiny': 400 };

export const help = `Usage: npm run chaos -- [options]

Trains on a cluster of real processes, and strikes it: SIGKILL, SIGSTOP and SIGTERM of trainers and of the coordinator; RST, half-open
connections, silence, wrong bytes, slow links, delay, stalls, duplicate and stale frames between them; two faults in one step. A separate
program then rebuilds from what the processes noted which samples were learned from, and compares the state after every step with that of
a run that nobody disturbed. It ends with code 1, and prints the command that does the same again, when anything differs.

Options:
  --seed S         what is drawn follows from it (default: a new one, which is printed)
  --faults N       how many faults (default 20); ${'`npm run chaos -- --cycle`'} says how many seeds in a row aim at every kind in every phase
  --kinds LIST     only these, with commas between them: ${Object.keys(faultKinds).join(', ')}
  --clean N        no faults: one job of N steps, during which nobody may be suspected
  --trainers N     trainer processes, at least 2 (default 3)
  --model NAME     ${Object.keys(models).join(', ')} (default 8x8)
  --steps N        steps of each job (default ${Object.entries(stepsOf).map(([name, steps]) => `${steps} of ${name}`).join(', ')}); there are as many jobs as the faults need
  --tls WHEN       on, off, or seed: with every other seed (default seed). Bytes are corrupted below TLS, or above it when there is none
  --transport T    how trainers fetch from each other: tcp, grpc or shm (default: tcp and grpc in turn, by the seed)
  --exchange E     peers or coordinator (default: the product's)
  --latency MS     each way between trainers and coordinator, faults or not (default 0): steps take longer, and cost no more
  --keep           keep the folder with ledgers and logs; it is kept anyway when something is wrong
  --coverage DIR   only print which faults landed in which phases, over the folders in DIR that --keep left; any number of times
  --cycle          only print the number of seeds of a cycle
  --json           one JSON object on standard output; progress goes to standard error
  --help           this text
`;

function whole(name, text, min) {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= min) return value;
  throw new Error(`--${name} ${text} is no whole number from ${min} on`);
}

function oneOf(name, value, allowed) {
  if (allowed.includes(value)) return value;
  throw new Error(`--${name} ${value}: choose ${allowed.join(', ')}`);
}

/** What was asked for, with defaults. `newSeed()` is asked when there is none. */
export function readOptions(args, newSeed) {
  const text = (fallback) => ({ type: 'string', ...(fallback !== undefined && { default: fallback }) });
  const flag = { type: 'boolean', default: false };
  const { values } = parseArgs({
    args,
    options: {
      seed: text(), faults: text('20'), kinds: text(), clean: text(), trainers: text('3'), model: text('8x8'), steps: text(), tls: text('seed'), transport: text(), exchange: text(),
      product: text(), latency: text('0'), coverage: { type: 'string', multiple: true, default: [] }, keep: flag, cycle: flag, json: flag, help: flag,
    },
  });
  const seed = values.seed === undefined ? newSeed() : whole('seed', values.seed, 0);
  const model = oneOf('model', values.model, Object.keys(models));
  const tls = oneOf('tls', values.tls, ['on', 'off', 'seed']);
  return {
    ...values,
    seed,
    faults: values.clean === undefined ? whole('faults', values.faults, 1) : 0,
    kinds: values.kinds?.split(',').map((kind) => oneOf('kinds', kind, Object.keys(faultKinds))),
    trainers: whole('trainers', values.trainers, 2),
    steps: values.clean === undefined ? whole('steps', values.steps ?? stepsOf[model], 25) : whole('clean', values.clean, 25),
    everySteps: 10,
    latencyMs: whole('latency', values.latency, 0),
    model,
    isTls: tls === 'seed' ? seed % 2 === 1 : tls === 'on',
    transport: values.transport === undefined ? ['tcp', 'grpc'][Math.floor(seed / 2) % 2] : oneOf('transport', values.transport, ['tcp', 'grpc', 'shm']),
    exchange: values.exchange === undefined ? undefined : oneOf('exchange', values.exchange, ['peers', 'coordinator']),
  };
}

/** The words that make the same run again. */
export function replayCommand({ seed, faults, kinds, trainers, model, steps, isTls, transport, exchange, latencyMs }) {
  const what = faults === 0 ? `--clean ${steps}` : `--faults ${faults}${kinds ? ` --kinds ${kinds.join(',')}` : ''} --steps ${steps}`;
  return `npm run chaos -- --seed ${seed} ${what} --trainers ${trainers} --model ${model} --tls ${isTls ? 'on' : 'off'} --transport ${transport}${exchange ? ` --exchange ${exchange}` : ''}${latencyMs ? ` --latency ${latencyMs}` : ''}`;
}
