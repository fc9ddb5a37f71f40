// How fast two trainers train together, beside PyTorch's DistributedDataParallel over Gloo, and what a coordinator costs one trainer.
// `npm run bench -- scale [--json] [--models 8x8x1,…] [--parts peer,overhead] [--rounds N]`
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { benchmarkNetworkNames } from '@langevin/testing';
import { interopPython } from '../tools/interop/environment.mjs';
import { formatTable } from './comparison.mjs';
import { globalBatch, leafBatch, workers } from './scale/jobs.mjs';
import { compareWithBareLoop, compareWithPeer } from './scale/measure.mjs';
import { machineFacts } from './step/machine.mjs';

/** Share of the processors' time that other processes may take without anybody noticing it in the figures. */
const quietCpu = 0.05;

const parts = ['peer', 'overhead'];

/** Its overhead is given in ms: as a share it would say more of the network than of the coordinator. */
const smallest = '8x8x1';

function readOptions() {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '7' },
      models: { type: 'string', default: benchmarkNetworkNames.join(',') },
      parts: { type: 'string', default: parts.join(',') },
    },
  });
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 2) throw new Error(`--rounds ${values.rounds}: give a whole number of at least 2; what is to be claimed needs 7`);
  const chosen = [['models', benchmarkNetworkNames], ['parts', parts]].map(([option, names]) => {
    const given = values[option].split(',');
    const unknown = given.find((name) => !names.includes(name));
    if (unknown !== undefined) throw new Error(`--${option} ${unknown}: there is ${names.join(', ')}`);
    return [option, given];
  });
  return { json: values.json, rounds, ...Object.fromEntries(chosen) };
}

/** What a step costs more under a coordinator: ms for the smallest network, for the others the share of a step of the bare loop. */
function overheadOf({ model, theirs }, ratio) {
  const share = 1 / ratio - 1;
  return Number(model === smallest ? ((share * globalBatch * 1000) / theirs).toFixed(2) : share.toFixed(4));
}

async function measureAll({ models, parts: wanted, rounds }) {
  const python = wanted.includes('peer') && interopPython('requirements.txt', ['torch', 'diffusers'], '2 GB to download, 5 GB on disk');
  const folder = mkdtempSync(join(tmpdir(), 'langevin-bench-'));
  const found = { peer: [], overhead: [], about: {}, othersCpu: 0 };
  try {
    for (const model of models) {
      for (const part of wanted) {
        const { result, about, othersCpu } = await (part === 'peer' ? compareWithPeer : compareWithBareLoop)(model, { rounds, python, folder });
        process.stderr.write(`${model}, ${result.peer}: ${result.ours} to ${result.theirs} images/s, ratio ${result.ratio}, at least ${result.ratioLow95}\n`);
        found[part].push(result);
        found.about = { ...found.about, ...about };
        found.othersCpu = Math.max(found.othersCpu, othersCpu);
      }
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return found;
}

function notesOf(facts, { overheadOneTrainer, overheadOneTrainerHigh95 }) {
  const unit = (model, value) => (model === smallest ? `${value} ms` : `${(100 * value).toFixed(1)} %`);
  const cost = Object.entries(overheadOneTrainer).map(([model, value]) => `${model} ${unit(model, value)} (at most ${unit(model, overheadOneTrainerHigh95[model])})`);
  return [
    `${facts.rounds} rounds; ${facts.workers} trainers (1 before the bare loop) of one thread, ${facts.workers} leaves of ${facts.leafBatch} images, Node ${facts.node}${facts['ddp-gloo'] ? `; ddp-gloo: ${facts['ddp-gloo']}` : ''}`,
    ...(cost.length > 0 ? [`a step of one trainer costs more under a coordinator than in the bare loop by: ${cost.join(', ')}`] : []),
    ...(facts.othersCpu > quietCpu ? [`other processes took up to ${Math.round(100 * facts.othersCpu)} % of the processors meanwhile: these figures prove nothing`] : []),
    facts.dirty ? `commit ${facts.commit ?? 'unknown'} with changes that are not committed: these figures prove nothing` : `commit ${facts.commit}`,
  ];
}

async function main() {
  const options = readOptions();
  if (availableParallelism() < workers) throw new Error(`${workers} trainers of one thread need ${workers} processors`);
  const machine = machineFacts(fileURLToPath(new URL('..', import.meta.url)));
  const { peer: results, overhead, about, othersCpu } = await measureAll(options);
  const overheads = {
    overheadOneTrainer: Object.fromEntries(overhead.map((result) => [result.model, overheadOf(result, result.ratio)])),
    overheadOneTrainerHigh95: Object.fromEntries(overhead.map((result) => [result.model, overheadOf(result, result.ratioLow95)])),
  };
  const facts = { ...machine, rounds: options.rounds, workers, threads: 1, leafBatch, ...about, othersCpu: Number(othersCpu.toFixed(3)) };
  const table = () => formatTable([...results, ...overhead], { unit: 'images/s', title: ({ model, peer }) => `${model}, ${peer}`, notes: notesOf(facts, overheads) });
  process.stdout.write(`${options.json ? JSON.stringify({ results, ...overheads, oneTrainer: overhead, machine: facts }) : table()}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`npm run bench -- scale: ${error.message}\n`);
  process.exitCode = 1;
}
