import { Option, type Command } from 'commander';
import { openCheckpoint, writePngGrid } from '@langevin/client';
import { LangevinError } from '@langevin/contracts';
import { DataFolder, DirectoryStore, readManifest } from '@langevin/registry';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { type CommonOptions, decimal, wholeNumber, withDataDir } from '../common-options.js';
import { labelList } from '../label-list.js';
import { enterNativeEnvironment } from '../native-environment.js';
import { createOutput } from '../output.js';
import { ProgressBar } from '../progress-bar.js';
import { stopSignal } from '../stop-signal.js';

interface SampleCommandOptions extends CommonOptions {
  readonly dataDir: string;
  readonly run?: string;
  readonly checkpoint?: string;
  readonly step?: number;
  readonly label?: string;
  readonly count?: number;
  readonly guidanceScale: number;
  readonly sampler: 'ddim' | 'ddpm';
  readonly steps: number;
  readonly seed: number;
  readonly out: string;
}

/** `langevin sample`: draws images with a trained model and writes them as one PNG. */
export function registerSample(program: Command): void {
  withDataDir(program.command('sample'))
    .description('draw images with a trained model, as a PNG grid; needs no running coordinator')
    .addOption(new Option('--run <name>', 'run whose newest checkpoint to use').conflicts('checkpoint'))
    .option('--checkpoint <sha256>', 'checkpoint to use, by the digest of its manifest')
    .option('--step <n>', 'with --run: the checkpoint of this step', wholeNumber(0))
    .option('--label <labels>', 'what to draw: 7, or 0,1,2, or all')
    .option('--count <n>', 'how many images (default: 16, or one of each label)', wholeNumber(1, 100_000))
    .option('--guidance-scale <s>', 'classifier-free guidance: 1 is none, 3 is clear and less varied', decimal(0), 1)
    .addOption(new Option('--sampler <name>', 'how to walk from noise to image').choices(['ddim', 'ddpm']).default('ddim'))
    .option('--steps <n>', 'denoising steps', wholeNumber(1), 40)
    .option('--seed <n>', 'seed of the noise', wholeNumber(0), 1)
    .option('--out <file>', 'PNG to write', 'samples.png')
    .addHelpText('after', '\nExample:\n  $ langevin sample --run digits-ddpm --label 7 --guidance-scale 3 --out sevens.png')
    .action(async (options: SampleCommandOptions) => {
      const exitCode = await enterNativeEnvironment();
      if (exitCode !== null) process.exitCode = exitCode;
      else await drawSamples(options);
    });
}

/** Several labels: a column each. One: as square as it gets. */
function gridOptions(label: string | undefined, classes: number): { columns?: number } {
  const asked = label === 'all' ? classes : (label?.split(',').length ?? 1);
  return asked > 1 ? { columns: asked } : {};
}

/** @throws LangevinError `invalid_argument` when neither a run nor a checkpoint is named */
async function chosen({ dataDir, run, step, checkpoint }: SampleCommandOptions): Promise<{ run: string; step?: number }> {
  if (checkpoint !== undefined) return readManifest(await DirectoryStore.open(new DataFolder(dataDir).store), checkpoint);
  if (run === undefined) throw new LangevinError('invalid_argument', 'name a run with --run, or a checkpoint with --checkpoint');
  return step === undefined ? { run } : { run, step };
}

async function drawSamples(options: SampleCommandOptions): Promise<void> {
  const output = createOutput(options.json ?? false);
  const { backend } = await loadTensorFlow({ log: output.say });
  const model = await openCheckpoint({ dataDir: options.dataDir, ...(await chosen(options)), onWarning: output.say });
  const bar = new ProgressBar('sampling');
  const classes = (model.checkpoint.spec.model.num_class_embeds ?? 1) - 1;
  const drawn = options.label === undefined ? { count: options.count ?? 16 } : { labels: labelList(options.label, options.count, classes) };
  const samples = await model.sample({
    ...drawn,
    sampler: options.sampler,
    steps: options.steps,
    guidanceScale: options.guidanceScale,
    seed: options.seed,
    signal: stopSignal(),
    onProgress: ({ steps, totalSteps }) => {
      if (!output.json) bar.show(steps, totalSteps, '');
    },
  });
  bar.end();
  await writePngGrid(options.out, samples, gridOptions(options.label, classes));
  const { run, step, digest } = model.checkpoint;
  const count = samples.labels?.length ?? options.count ?? 16;
  output.result({ out: options.out, run, step, checkpoint: digest, images: count, backend }, `${options.out}: ${count} images of ${run}, step ${step}, on ${backend}`);
  model.dispose();
}
