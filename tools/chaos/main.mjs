import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { root } from '../bootstrap/workspace.mjs';
import { help, readOptions, replayCommand } from './options.mjs';
import { coverageTable, effective, missedCells, seedsOfACycle } from './schedule.mjs';

/** Runs what was asked for; resolves with the exit code. */
export async function main(args) {
  const options = readOptions(args, () => Math.floor(Math.random() * 2 ** 32));
  if (options.help) {
    process.stdout.write(help);
    return 0;
  }
  if (options.cycle) {
    process.stdout.write(`${seedsOfACycle(options.faults)}\n`);
    return 0;
  }
  if (options.coverage.length > 0) return printCoverage(options.coverage);
  const { builtProduct } = await import('./built-product.mjs');
  const { campaign } = await import('./campaign.mjs');
  const product = await builtProduct(options.product);
  const folder = join(root, 'tmp', 'chaos', `${options.seed}-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  const say = (line) => void process.stderr.write(`${line}\n`);
  say(`seed ${options.seed}: ${options.faults} faults, ${options.trainers} trainers, ${options.isTls ? 'TLS' : 'no TLS'}, ${options.transport}`);
  const startMs = performance.now();
  const complaints = await campaign({ ...options, product, folder, say, signal: stopSignal() });
  const { report, isGood } = await verified(folder);
  const { problems, ...facts } = report;
  const isFine = isGood && complaints.length === 0;
  const whole = { ...facts, seed: options.seed, seconds: Math.round((performance.now() - startMs) / 1000), problems: [...complaints.map((text) => ({ code: 'run', text })), ...problems] };
  if (options.json) process.stdout.write(`${JSON.stringify(whole)}\n`);
  else print(whole);
  say(coverageTable(strikesIn(folder)).join('\n'));
  if (!isFine) say(`✗ ledgers and logs are in ${folder}\n  again: ${replayCommand(options)}`);
  else if (!options.keep) rmSync(folder, { recursive: true, force: true });
  return isFine ? 0 : 1;
}

/** The verdict of the separate program. */
async function verified(folder) {
  const program = spawn(process.execPath, [fileURLToPath(new URL('verify.mjs', import.meta.url)), folder, '--json'], { stdio: ['ignore', 'pipe', 'inherit'] });
  const text = [];
  program.stdout.on('data', (piece) => text.push(piece));
  const code = await new Promise((done) => program.once('close', done));
  const said = Buffer.concat(text).toString();
  if (said === '') throw new Error(`verify.mjs gave no verdict on ${folder} (code ${code})`);
  return { report: JSON.parse(said), isGood: code === 0 };
}

function print({ problems, ...facts }) {
  for (const [name, value] of Object.entries(facts)) process.stdout.write(`${name}: ${JSON.stringify(value)}\n`);
  for (const { code, text } of problems) process.stdout.write(`✗ ${code}: ${text}\n`);
}

/** Aborted by Ctrl-C and SIGTERM: what was started is stopped, and the exit code says so. */
function stopSignal() {
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM']) process.once(name, () => stop.abort(new Error(`stopped by ${name}`)));
  return stop.signal;
}

function strikesIn(folder) {
  const file = join(folder, 'strikes.jsonl');
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));
}

/** Over the folders of many runs: what landed where, and what never did. Code 1 when a cell is missed. */
function printCoverage(folders) {
  // Numbers of strikes are those of one run: what had no effect is left out run by run.
  const strikes = folders.flatMap((folder) => [folder, ...readdirSync(folder).map((name) => join(folder, name))]).flatMap((run) => effective(strikesIn(run)));
  const missed = missedCells(strikes);
  process.stdout.write(`${coverageTable(strikes).join('\n')}\n`);
  if (missed.length > 0) process.stdout.write(`never hit: ${missed.join(', ')}\n`);
  return missed.length > 0 ? 1 : 0;
}
