// How fast Langevin trains and samples a U-Net beside PyTorch, both on the same cores, one after the other in every round.
// `npm run bench -- step [--json] [--models 8x8x1,…] [--modes train,sample] [--precisions fp32,bf16] [--peers pytorch,torch-compile] [--rounds N]`
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchmarkNetworkNames } from '@langevin/testing';
import { interopPython } from '../tools/interop/environment.mjs';
import { formatTable } from './comparison.mjs';
import { compare } from './step/compare.mjs';
import { batch, benchmarkJob } from './step/jobs.mjs';
import { machineFacts } from './step/machine.mjs';

/** Share of the processors' time that other processes may take without anybody noticing it in the figures. */
const quietCpu = 0.05;

const known = { models: benchmarkNetworkNames, precisions: ['fp32', 'bf16'], modes: ['train', 'sample'], peers: ['pytorch', 'torch-compile'] };
const local = (path) => fileURLToPath(new URL(path, import.meta.url));

function readOptions() {
  const list = (...values) => ({ type: 'string', default: values.join(',') });
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '7' },
      models: list(...benchmarkNetworkNames),
      precisions: list('fp32', 'bf16'),
      modes: list('train', 'sample'),
      peers: list('pytorch', 'torch-compile'),
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 2) throw new Error(`--rounds ${values.rounds}: give a whole number of at least 2; what is to be claimed needs 7`);
  const chosen = Object.entries(known).map(([option, names]) => {
    const given = values[option].split(',');
    const unknown = given.find((name) => !names.includes(name));
    if (unknown !== undefined) throw new Error(`--${option} ${unknown}: there is ${names.join(', ')}`);
    return [option, given];
  });
  return { json: values.json, rounds, ...Object.fromEntries(chosen) };
}

/** Every comparison that was asked for. In bf16 there is training alone: a model that is to be drawn from stays in float32. */
function comparisons({ models, precisions, modes, peers }) {
  const all = models.flatMap((model) => precisions.flatMap((precision) => modes.flatMap((mode) => peers.map((peer) => ({ model, precision, mode, peer })))));
  const measured = all.filter(({ precision, mode }) => precision === 'fp32' || mode === 'train');
  if (measured.length === 0) throw new Error('--modes sample --precisions bf16: only training is compared in bf16');
  return measured;
}

async function main() {
  const options = readOptions();
  const wanted = comparisons(options);
  // Before minutes are spent on the others.
  for (const { model, precision } of wanted) benchmarkJob(model, precision);
  const machine = machineFacts(local('..'));
  const threads = availableParallelism();
  const python = interopPython('requirements.txt', ['torch', 'diffusers'], '2 GB to download, 5 GB on disk');
  const folder = mkdtempSync(join(tmpdir(), 'langevin-bench-'));
  const results = [];
  const found = { parameters: {}, about: {}, othersCpu: 0 };
  const title = ({ model, precision, mode, peer }) => `${model} ${precision} ${mode}, ${peer}`;
  try {
    for (const facts of wanted) {
      const { result, parameters, about, othersCpu } = await compare(facts, { ...options, threads, python, folder });
      process.stderr.write(`${title(result)}: ${result.ours} to ${result.theirs} images/s, ratio ${result.ratio}, at least ${result.ratioLow95}\n`);
      results.push(result);
      found.parameters[facts.model] = parameters;
      found.about = about;
      found.othersCpu = Math.max(found.othersCpu, othersCpu);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const facts = {
    ...machine,
    threads,
    batch,
    rounds: options.rounds,
    parameters: found.parameters,
    ...found.about,
    average: 'both sides also average the weights (EMA)',
    othersCpu: Number(found.othersCpu.toFixed(3)),
  };
  const notes = [
    `${options.rounds} rounds, ${threads} threads, batches of ${batch}; ${facts.ours}, Node ${facts.node}; theirs: ${facts.theirs}; ${facts.average}`,
    `parameters, equal on both sides: ${Object.entries(facts.parameters).map(([model, count]) => `${model} ${count}`).join(', ')}`,
    ...(facts.othersCpu > quietCpu ? [`other processes took up to ${Math.round(100 * facts.othersCpu)} % of the processors meanwhile: these figures prove nothing`] : []),
    facts.dirty ? `commit ${facts.commit ?? 'unknown'} with changes that are not committed: these figures prove nothing` : `commit ${facts.commit}`,
  ];
  const table = () => formatTable(results, { unit: 'images/s', title, notes });
  process.stdout.write(`${options.json ? JSON.stringify({ results, machine: facts }) : table()}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`npm run bench -- step: ${error.message}\n`);
  process.exitCode = 1;
}
