import { Option, type Command } from 'commander';
import { samplerNames, type SamplerName } from '@langevin/contracts';
import { writePngGrid, type NoisyClassifier, type SampleOptions } from '@langevin/client';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { type CommonOptions, decimal, wholeNumber } from '../common-options.js';
import { labelList } from '../label-list.js';
import { openModels, withModels, type ModelOptions } from '../open-models.js';
import { withStore } from '../open-store.js';
import { restoreTask, type TaskOptions } from '../restore-task.js';
import { createOutput } from '../output.js';
import { ProgressBar } from '../progress-bar.js';
import { stopSignal } from '../stop-signal.js';

type Task = 'generate' | TaskOptions['task'];

interface SampleCommandOptions extends CommonOptions, ModelOptions, Omit<TaskOptions, 'task'> {
  readonly task: Task;
  readonly label?: string;
  readonly guidanceScale?: number;
  readonly classifierScale?: number;
  readonly guidanceForm?: 'score' | 'mean';
  readonly sampler: SamplerName;
  readonly out: string;
}

const examples = `
Examples:
  $ langevin sample --run digits-ddpm --label 7 --guidance-scale 3 --out sevens.png
  $ langevin sample --run digits-ddpm --label 7 --classifier digits-classifier --classifier-scale 4
  $ langevin sample --model digits --label all --classifier-scale 4
  $ langevin sample --run digits-ddpm --task inpaint --image torn.png --mask torn-mask.png
  $ langevin sample --run digits-ddpm --task superres --dataset mnist-digits --factor 4`;

/** `langevin sample`: draws images with a trained model and writes them as one PNG. */
export function registerSample(program: Command): void {
  withModels(withStore(program.command('sample')))
    .description('draw images with a trained model, as a PNG grid; needs no running coordinator')
    .option('--label <labels>', 'what to draw: 7, or 0,1,2, or all')
    .option('--count <n>', 'how many images (default: 16, or one of each label)', wholeNumber(1, 100_000))
    .option('--guidance-scale <s>', 'classifier-free guidance: 1 is none, 3 is clear and less varied (default: 1; 0 when a classifier guides)', decimal(0))
    .option('--classifier-scale <γ>', 'how often the gradient of a classifier counts; 0 is no guidance (default: 1 with --classifier)', decimal(0))
    .addOption(new Option('--guidance-form <form>', 'with a classifier: what its gradient moves; mean needs --sampler ddpm (default: score)').choices(['score', 'mean']))
    .addOption(new Option('--sampler <name>', 'how to walk from noise to image').choices(samplerNames).default('ddim'))
    .option('--steps <n>', 'denoising steps', wholeNumber(1), 40)
    .option('--seed <n>', 'seed of the noise', wholeNumber(0), 1)
    .addOption(new Option('--task <name>', 'generate; or work on images: fill holes, enlarge, take noise away, go from one to the next').choices(['generate', 'inpaint', 'superres', 'denoise', 'interpolate']).default('generate'))
    .option('--image <files...>', 'for a task: PNG files to work on, of the size of the model\'s images; --task superres takes smaller ones')
    .option('--dataset <name>', 'for a task: held-out images of a dataset instead, spoiled first (the first --count, 12 unless given)')
    .option('--mask <file>', '--task inpaint: PNG, white where pixels are known and black where they are to be drawn')
    .option('--hole <n>', '--task inpaint: a hidden square of this side in the middle instead of a mask (with --dataset half of the image unless given)', wholeNumber(1))
    .addOption(new Option('--method <name>', '--task inpaint: how known pixels lead the others (default: guidance)').choices(['guidance', 'repaint', 'replacement']))
    .option('--factor <n>', '--task superres: how much larger images become along each side', wholeNumber(2), 4)
    .option('--noise <σ>', '--task denoise: standard deviation of the noise, of images from −1 to 1 (default: estimated of each image)', decimal(0))
    .option('--draws <n>', 'for inpaint and superres: images that are drawn for each and averaged', wholeNumber(1), 1)
    .option('--between <n>', '--task interpolate: images from one to the next, both included', wholeNumber(2), 8)
    .option('--out <file>', 'PNG to write', 'samples.png')
    .addHelpText('after', examples)
    .action((options: SampleCommandOptions) => (options.task === 'generate' ? drawSamples(options) : doTask({ ...options, task: options.task })));
}

/** Several labels: a column each. One: as square as it gets. */
function gridOptions(label: string | undefined, classes: number): { columns?: number } {
  const asked = label === 'all' ? classes : (label?.split(',').length ?? 1);
  return asked > 1 ? { columns: asked } : {};
}

/** What guides, as far as it was given: the library knows the defaults and what fits together. */
function guidance({ guidanceScale, classifierScale, guidanceForm }: SampleCommandOptions, classifier: NoisyClassifier | undefined): SampleOptions {
  return {
    ...(guidanceScale !== undefined && { guidanceScale }),
    ...(classifier && { classifier }),
    ...(classifierScale !== undefined && { classifierScale }),
    ...(guidanceForm !== undefined && { guidanceForm }),
  };
}

async function drawSamples(options: SampleCommandOptions): Promise<void> {
  const output = createOutput(options.json ?? false);
  const { backend } = await loadTensorFlow({ log: output.say });
  const guides = options.classifierScale !== undefined || options.guidanceForm !== undefined;
  const { model, classifier, dispose } = await openModels(options, guides, output.say);
  const bar = new ProgressBar('sampling');
  const classes = classifier?.checkpoint.spec.model.num_classes ?? (model.checkpoint.spec.model.num_class_embeds ?? 1) - 1;
  const drawn = options.label === undefined ? { count: options.count ?? 16 } : { labels: labelList(options.label, options.count, classes) };
  const samples = await model.sample({
    ...drawn,
    sampler: options.sampler,
    steps: options.steps,
    ...guidance(options, classifier),
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
  dispose();
}

/** Writes what there was to work with above what was made of it. */
async function doTask(options: Omit<SampleCommandOptions, 'task'> & TaskOptions): Promise<void> {
  const output = createOutput(options.json ?? false);
  const { backend } = await loadTensorFlow({ log: output.say });
  const { model, dispose } = await openModels(options, false, output.say);
  const bar = new ProgressBar(options.task);
  const { rows, columns, remark } = await restoreTask(model, options, {
    signal: stopSignal(),
    onProgress: ({ steps, totalSteps }) => {
      if (!output.json) bar.show(steps, totalSteps, '');
    },
  });
  bar.end();
  dispose();
  const images = Float32Array.from(rows.flatMap((row) => Array.from(row)));
  await writePngGrid(options.out, { images, imageShape: model.imageShape }, { columns });
  const { run, step, digest } = model.checkpoint;
  const said = remark === undefined ? '' : `; ${remark}`;
  output.result({ out: options.out, run, step, checkpoint: digest, task: options.task, rows: rows.length, columns, backend }, `${options.out}: ${options.task} by ${run}, step ${step}, on ${backend}${said}`);
}
