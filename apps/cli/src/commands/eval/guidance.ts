import { writeFile } from 'node:fs/promises';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { SampleOptions } from '@langevin/client';
import { LangevinError } from '@langevin/contracts';
import { guidanceFigure, judgeGuidance, trainDigitClassifier, type GuidancePoint } from '@langevin/evaluation';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { type CommonOptions, wholeNumber } from '../../common-options.js';
import { openModels, withModels, type ModelOptions, type OpenedModels } from '../../open-models.js';
import { withStore } from '../../open-store.js';
import { createOutput, table, type Output } from '../../output.js';
import { ProgressBar } from '../../progress-bar.js';
import { realImages } from '../../real-images.js';
import { stopSignal } from '../../stop-signal.js';

interface EvalGuidanceOptions extends CommonOptions, ModelOptions {
  readonly scales: readonly number[];
  readonly count: number;
  readonly sampler: 'ddim' | 'ddpm';
  readonly guidanceForm: 'score' | 'mean';
  readonly steps: number;
  readonly seed: number;
  readonly judgeEpochs: number;
  readonly out: string;
}

/** First weights and order of images of the judge: it is always the same one. */
const judgeSeed = 1;

/** `langevin eval guidance`: how a classifier's gradient trades variety for agreement with the label. */
export function registerEvalGuidance(evaluate: Command): void {
  withModels(withStore(evaluate.command('guidance')))
    .description('draw digits of no class, guided by a classifier at several scales; a third classifier judges them')
    .option('--scales <list>', 'scales γ of the gradient, in this order', scaleList, [0, 1, 2, 4, 8, 16])
    .option('--count <n>', 'images at each scale: the labels in turn', wholeNumber(20, 100_000), 200)
    .addOption(new Option('--guidance-form <form>', 'what the gradient moves; mean needs --sampler ddpm').choices(['score', 'mean']).default('score'))
    .addOption(new Option('--sampler <name>', 'how to walk from noise to image').choices(['ddim', 'ddpm']).default('ddim'))
    .option('--steps <n>', 'denoising steps', wholeNumber(1), 20)
    .option('--seed <n>', 'seed of the noise, the same at each scale', wholeNumber(0), 1)
    .option('--judge-epochs <n>', 'times that the judge sees each real digit', wholeNumber(1, 100), 5)
    .option('--out <file>', 'SVG figure to write', 'guidance.svg')
    .addHelpText('after', '\nExample:\n  $ langevin eval guidance --run digits-ddpm --classifier digits-classifier')
    .action((options: EvalGuidanceOptions) => evaluateGuidance(options));
}

async function evaluateGuidance(options: EvalGuidanceOptions): Promise<void> {
  const output = createOutput(options.json ?? false);
  const { backend } = await loadTensorFlow({ log: output.say });
  const opened = await openModels(options, true, output.say);
  const { model, classifier } = opened;
  if (!classifier) throw new LangevinError('invalid_argument', 'name a noisy classifier with --classifier, or a model that was pulled with one');
  const { name } = model.checkpoint.spec.dataset;
  const [train, heldOut] = [await realImages(options, name, 'train'), await realImages(options, name, 'test')];
  const classes = classifier.checkpoint.spec.model.num_classes;
  const labels = Int32Array.from({ length: options.count }, (_, i) => i % classes);
  const signal = stopSignal();
  const drawn = [];
  for (const scale of options.scales) drawn.push({ scale, samples: await draw(opened, options, labels, scale, output, signal) });
  opened.dispose();
  output.say('a third classifier, which guides nothing, learns from real digits, to judge …');
  const judge = await trainDigitClassifier(train, { seed: judgeSeed, epochs: options.judgeEpochs, signal });
  const judgeAccuracy = await judge.accuracy(heldOut);
  const points: GuidancePoint[] = [];
  for (const { scale, samples } of drawn) points.push({ scale, ...(await judgeGuidance({ ...samples, labels }, heldOut, judge)) });
  judge.dispose();
  const { run, step } = model.checkpoint;
  const guide = classifier.checkpoint;
  await writeFile(options.out, guidanceFigure(points, `${run} guided by ${guide.run}: ${options.count} images a scale`, 1 / classes));
  output.result(
    { out: options.out, run, step, classifier: { run: guide.run, step: guide.step }, judgeAccuracy, count: options.count, backend, points },
    `${pointTable(points)}\n${options.out}: the judge reads ${percent(judgeAccuracy)} of held-out real digits rightly`,
  );
}

async function draw({ model, classifier }: OpenedModels, options: EvalGuidanceOptions, labels: Int32Array, scale: number, output: Output, signal: AbortSignal) {
  const bar = new ProgressBar(`γ = ${scale}`.padEnd(9));
  const asked: SampleOptions = { labels, classifier, classifierScale: scale, guidanceForm: options.guidanceForm, sampler: options.sampler, steps: options.steps, seed: options.seed };
  const samples = await model.sample({
    ...asked,
    signal,
    onProgress: ({ steps, totalSteps }) => {
      if (!output.json) bar.show(steps, totalSteps, '');
    },
  });
  bar.end();
  return samples;
}

function pointTable(points: readonly GuidancePoint[]): string {
  const rows = points.map(({ scale, labelAgreement, labelAgreementInterval: { lower, upper }, diversityRatio }) => [
    String(scale),
    percent(labelAgreement),
    `${percent(lower)} – ${percent(upper)}`,
    percent(diversityRatio),
  ]);
  return table(['SCALE', 'AGREEMENT', '95 % INTERVAL', 'DIVERSITY'], rows);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function scaleList(text: string): number[] {
  const scales = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)));
  if (scales.every((scale) => Number.isFinite(scale) && scale >= 0)) return scales;
  throw new InvalidArgumentError('expected numbers from 0 on, as 0,1,2,4,8,16.');
}
