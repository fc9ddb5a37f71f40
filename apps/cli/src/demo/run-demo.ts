import { LangevinError } from '@langevin/contracts';
import { untilAborted } from '@langevin/processes';
import { installRuntime } from '@langevin/tf-runtime';
import { startLocalCluster, type LocalCluster } from '../cluster-processes.js';
import { createOutput, type Output } from '../output.js';
import { formatDuration } from '../progress-bar.js';
import { shellWord } from '../shell-word.js';
import { stopSignal } from '../stop-signal.js';
import { demoSpec, type DemoOptions } from './demo-spec.js';
import { drawDigits } from './draw-digits.js';
import { trainDigits } from './train-digits.js';

/** The last line of the demo: a contract with scripts. */
interface DemoResult {
  readonly ok: true;
  readonly imagesPerSecond: number;
  readonly finalLoss: number;
  readonly labelAgreement: number;
  readonly weightsSha256: string;
  readonly checkpoints: number;
  readonly trainers: number;
  readonly backend: string;
}

const threadsPerTrainer = 1;

/**
 * Trains the demo's model, draws with it, has an independent classifier read what was drawn, and says how to draw again.
 * On a terminal the cluster and its dashboard then stay until Ctrl-C.
 * @throws LangevinError why it could not be done; a second call in the same folder continues
 */
export async function runDemo(options: DemoOptions & { readonly json?: boolean }): Promise<void> {
  const output = createOutput(options.json ?? false);
  const signal = stopSignal();
  await prepareRuntime(output, signal);
  const startedAt = performance.now();
  const spec = demoSpec(options);
  await using cluster = await startDemoCluster(options, output);
  const { job, backend, imagesPerSecond } = await trainDigits(cluster, options, spec, output, signal);
  output.say(`trained on ${backend}; weights sha256 ${job.weightsSha256}`);
  const drawn = await drawDigits(options, spec, output, signal);
  output.say(`it took ${formatDuration((performance.now() - startedAt) / 1000)}`);
  if (options.quick) output.say('the quick demo trains for a minute, so its digits are rough; `npm run demo` trains until they are good');
  output.say(['', 'Draw again, now or later:', ...drawn.commands.map((command) => `  ${command}`), ''].join('\n'));
  const result: DemoResult = {
    ok: true,
    imagesPerSecond: rounded(imagesPerSecond ?? 0, 1),
    finalLoss: rounded(Number(job.loss), 5),
    labelAgreement: rounded(drawn.labelAgreement, 4),
    weightsSha256: job.weightsSha256 ?? '',
    checkpoints: Number(job.checkpoints),
    trainers: options.trainers,
    backend,
  };
  const stays = process.stdout.isTTY && process.stderr.isTTY;
  output.say(stays ? `The dashboard stays until Ctrl-C: ${cluster.dashboard}\n` : `The dashboard shows it again: npx langevin up --data-dir ${shellWord(options.dataDir)}\n`);
  process.stdout.write(`${JSON.stringify(result)}\n`);
  if (stays) await Promise.race([untilAborted(signal), cluster.failure]);
}

function startDemoCluster({ dataDir, trainers, store }: DemoOptions, output: Output): Promise<LocalCluster> {
  const options = { dataDir, port: 0, trainers, threads: threadsPerTrainer, ...(store === undefined ? {} : { store }) };
  return startLocalCluster(options, ({ address, dashboard }) => {
    output.say(`dashboard: ${dashboard}`);
    output.say(`coordinator on ${address}, ${trainers} trainer process${trainers === 1 ? '' : 'es'}; logs in ${dataDir}/logs`);
  });
}

async function prepareRuntime(output: Output, signal: AbortSignal): Promise<void> {
  const installed = await installRuntime({ onProgress: output.say, signal });
  if (signal.aborted) throw new LangevinError('cancelled', 'stopped while the tensor runtime was prepared');
  if (installed.status === 'ready') return;
  output.say('the fast tensor runtime needs what this machine lacks, so the slower WebAssembly one is used:');
  for (const { what, why, mend } of installed.missing) output.say(`  ${what} (${why}); on Debian or Ubuntu: ${mend.debian}`);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
