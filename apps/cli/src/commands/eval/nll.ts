import { Option, type Command } from 'commander';
import { tracedModelDenoiser, type DiffusionModel } from '@langevin/client';
import { evenLogSnrGrid, levelPrior, type Decoder, type Denoiser, type GridStep, type TracedDenoiser } from '@langevin/diffusion-core';
import { meanOfImages, measureBound, measureFlow, signProbe, type LikelihoodInput, type MeasuredBound, type MeasuredFlow } from '@langevin/evaluation';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { type CommonOptions, wholeNumber } from '../../common-options.js';
import { firstImages } from '../../first-images.js';
import { openModels, withModels, type ModelOptions } from '../../open-models.js';
import { withStore } from '../../open-store.js';
import { createOutput, table, type Output } from '../../output.js';
import { ProgressBar } from '../../progress-bar.js';
import { realImages } from '../../real-images.js';

interface EvalNllOptions extends CommonOptions, ModelOptions {
  readonly split: 'test' | 'train';
  readonly count?: number;
  readonly conditional?: boolean;
  readonly cut: number;
  readonly pixelPrior: 'train' | 'equal';
  readonly draws: number;
  readonly flowSteps: number;
  readonly seed: number;
}

/** Values of a pixel. */
const levels = 256;
/** Parts of Σ L_t in the table. */
const bands = 8;

/** `langevin eval nll`: how many bits a dimension of held-out images costs. */
export function registerEvalNll(evaluate: Command): void {
  withModels(withStore(evaluate.command('nll')))
    .description('bits per dimension of held-out images, by the variational bound and by the probability flow')
    .addOption(new Option('--split <name>', 'images of the dataset that the model was trained on').choices(['test', 'train']).default('test'))
    .option('--count <n>', 'so many images, from the first on; all unless given', wholeNumber(2, 1_000_000))
    .option('--conditional', 'tell the network the label of each image: bits given the label')
    .option('--cut <t>', 'time of the first noise level, which the decoder reads', wholeNumber(0), 0)
    .addOption(new Option('--pixel-prior <which>', 'what the decoder knows of a pixel: how frequent its values are among training images, or nothing').choices(['train', 'equal']).default('train'))
    .option('--draws <n>', 'steps of the chain that are looked at for each image', wholeNumber(1, 10_000), 100)
    .option('--flow-steps <n>', 'steps of the flow, each of four evaluations and gradients; 0 leaves the flow out', wholeNumber(0, 10_000), 34)
    .option('--seed <n>', 'seed of all noise', wholeNumber(0), 1)
    .addHelpText('after', '\nExample:\n  $ langevin eval nll --run digits-bits')
    .action((options: EvalNllOptions) => evaluateNll(options));
}

async function evaluateNll(options: EvalNllOptions): Promise<void> {
  const output = createOutput(options.json ?? false);
  const { backend } = await loadTensorFlow({ log: output.say });
  const { model, dispose } = await openModels(options, false, output.say);
  const { run, step, spec } = model.checkpoint;
  const all = await realImages(options, spec.dataset.name, options.split);
  const count = Math.min(options.count ?? all.labels.length, all.labels.length);
  const heldOut = firstImages(all, count);
  const prior = options.pixelPrior === 'train' ? levelPrior((await realImages(options, spec.dataset.name, 'train')).images, levels) : undefined;
  const decoder: Decoder = { kind: 'bayes', levels, ...(prior && { prior }) };
  const input = { process: model.process, heldOut, seed: options.seed, decoder };
  const told = options.conditional ? { labels: Array.from(heldOut.labels) } : {};
  const bound = boundOf(model, input, told, options, output);
  const flow = options.flowSteps > 0 ? flowOf(model, input, told, options, output) : undefined;
  dispose();
  const { rows, facts } = summary(bound, flow);
  const given = options.conditional ? 'given their labels' : 'without labels';
  output.result(
    { run, step, dataset: spec.dataset.name, split: options.split, count, conditional: options.conditional ?? false, cut: options.cut, pixelPrior: options.pixelPrior, seed: options.seed, backend, ...facts },
    `${run} at step ${step}: bits per dimension of ${count} images of ${spec.dataset.name} (${options.split}), ${given}\n${table(['TERM', 'BITS/DIM', '± STANDARD ERROR'], rows)}`,
  );
}

type Told = { readonly labels?: readonly number[] };
type Shared = Omit<LikelihoodInput, 'grid'>;

function boundOf(model: DiffusionModel, input: Shared, told: Told, options: EvalNllOptions, output: Output): MeasuredBound {
  const { tMax } = model.process;
  const grid: GridStep[] = evenLogSnrGrid(model.process, { first: tMax, last: options.cut, steps: tMax - options.cut });
  using denoiser = model.denoiser({ ...told, clipSample: true });
  using progress = counted('bound', options.draws + 1, output);
  const denoise: Denoiser = (x, t) => progress.after(denoiser.denoise(x, t));
  return measureBound({ ...input, grid, denoiser: denoise, draws: options.draws, bands });
}

function flowOf(model: DiffusionModel, input: Shared, told: Told, options: EvalNllOptions, output: Output): MeasuredFlow {
  const grid = evenLogSnrGrid(model.process, { first: model.process.tMax, last: options.cut, steps: options.flowSteps, stride: 2 });
  const probe = signProbe(input);
  using denoiser = tracedModelDenoiser(model, { ...told, probe, clipSample: true });
  using progress = counted('flow ', 4 * grid.length, output);
  const denoise: TracedDenoiser = (x, t) => progress.after(denoiser.denoise(x, t));
  const measured = measureFlow({ ...input, grid, denoiser: denoise });
  probe.dispose();
  return measured;
}

/** Shows how many evaluations of the network are done. */
function counted(label: string, total: number, output: Output) {
  const bar = new ProgressBar(label);
  let done = 0;
  return {
    after<T>(value: T): T {
      if (!output.json) bar.show((done += 1), total, `${done} of ${total} evaluations`);
      return value;
    },
    [Symbol.dispose]: () => bar.end(),
  };
}

/** Means with their errors, as facts and as rows of a table. */
function summary(bound: MeasuredBound, flow: MeasuredFlow | undefined) {
  const text = ({ mean, standardError }: { mean: number; standardError: number }) => [mean.toFixed(4), standardError.toFixed(4)];
  const ofBound = meanOfImages({ total: bound.total, prior: bound.prior, decoder: bound.decoder });
  const ofBands = bound.bands.map(({ logSnrFrom, logSnrTo, bits }) => ({ logSnrFrom, logSnrTo, ...meanOfImages({ bits }).bits }));
  const ofFlow = flow && meanOfImages({ total: flow.total, flow: flow.flow, noise: flow.noise, decoder: flow.decoder });
  const rows = [
    ['bound', ...text(ofBound.total)],
    ['  L_T', ...text(ofBound.prior)],
    ...ofBands.map((band) => [`  L_t, λ from ${band.logSnrFrom.toFixed(2)} to ${band.logSnrTo.toFixed(2)}`, ...text(band)]),
    ['  L_0', ...text(ofBound.decoder)],
    ...(ofFlow
      ? [
          ['flow', ...text(ofFlow.total)],
          ['  −log₂ p(x_t) by the flow', ...text(ofFlow.flow)],
          ['  log₂ q(x_t | x₀)', ...text(ofFlow.noise)],
          ['  L_0', ...text(ofFlow.decoder)],
        ]
      : []),
  ];
  return { rows, facts: { bound: { ...ofBound, bands: ofBands }, ...(ofFlow && { flow: ofFlow }) } };
}
