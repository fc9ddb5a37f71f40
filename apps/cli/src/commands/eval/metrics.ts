import { Option, type Command } from 'commander';
import { samplerNames, type SamplerName } from '@langevin/contracts';
import { FeatureMoments, frechetDistance, jackknifedFrechetDistance, kernelDistance, labelAgreement, PhiloxStream, precisionRecall, squaredSlicedWasserstein, type PointSet } from '@langevin/diffusion-core';
import { trainDigitClassifier } from '@langevin/evaluation';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { type CommonOptions, decimal, wholeNumber } from '../../common-options.js';
import { firstImages } from '../../first-images.js';
import { openModels, withModels, type ModelOptions } from '../../open-models.js';
import { withStore } from '../../open-store.js';
import { createOutput, table } from '../../output.js';
import { ProgressBar } from '../../progress-bar.js';
import { realImages } from '../../real-images.js';
import { stopSignal } from '../../stop-signal.js';

interface EvalMetricsOptions extends CommonOptions, ModelOptions {
  readonly count: number;
  readonly guidanceScale?: number;
  readonly sampler: SamplerName;
  readonly steps: number;
  readonly seed: number;
  readonly judgeEpochs: number;
}

/** First weights and order of images of the classifier whose features are compared: it is always the same one. */
const judgeSeed = 1;

/** `langevin eval metrics`: how far drawn images are from held-out ones, in the features of a classifier. */
export function registerEvalMetrics(evaluate: Command): void {
  withModels(withStore(evaluate.command('metrics')))
    .description('distances between drawn and held-out images in the features of a digit classifier, beside those of real training images')
    .option('--count <n>', 'images of each kind', wholeNumber(2, 100_000), 1000)
    .option('--guidance-scale <s>', 'classifier-free guidance (default: 1, which is none)', decimal(0))
    .addOption(new Option('--sampler <name>', 'how to walk from noise to image').choices(samplerNames).default('ddim'))
    .option('--steps <n>', 'denoising steps', wholeNumber(1), 40)
    .option('--seed <n>', 'seed of the noise', wholeNumber(0), 1)
    .option('--judge-epochs <n>', 'times that the classifier sees each real digit', wholeNumber(1, 100), 5)
    .addHelpText('after', '\nExample:\n  $ langevin eval metrics --run digits-ddpm')
    .action((options: EvalMetricsOptions) => evaluateMetrics(options));
}

async function evaluateMetrics(options: EvalMetricsOptions): Promise<void> {
  const output = createOutput(options.json ?? false);
  const { backend } = await loadTensorFlow({ log: output.say });
  const { model, dispose } = await openModels(options, false, output.say);
  const { run, step, spec } = model.checkpoint;
  const [train, test] = [await realImages(options, spec.dataset.name, 'train'), await realImages(options, spec.dataset.name, 'test')];
  const heldOut = firstImages(test, options.count);
  const count = heldOut.labels.length;
  const bar = new ProgressBar('sampling');
  const asked = (spec.model.num_class_embeds ?? 0) > 1 ? { labels: heldOut.labels } : { count };
  const drawn = await model.sample({
    ...asked,
    ...(options.guidanceScale !== undefined && { guidanceScale: options.guidanceScale }),
    ...{ sampler: options.sampler, steps: options.steps, seed: options.seed, signal: stopSignal() },
    onProgress: ({ steps, totalSteps }) => {
      if (!output.json) bar.show(steps, totalSteps, '');
    },
  });
  bar.end();
  dispose();
  output.say('a classifier learns from real digits; its hidden layer makes the features …');
  const judge = await trainDigitClassifier(train, { seed: judgeSeed, epochs: options.judgeEpochs });
  const shown = drawn.images.map((value) => Math.min(Math.max(value, -1), 1));
  const [ofDrawn, ofReal, ofTrain] = [await judge.features(shown), await judge.features(heldOut.images), await judge.features(firstImages(train, count).images)];
  const agreement = 'labels' in asked ? labelAgreement(asked.labels, await judge.predict(shown)) : null;
  judge.dispose();
  const [generated, reference] = [compare(ofDrawn, ofReal), compare(ofTrain, ofReal)];
  output.result(
    { run, step, dataset: spec.dataset.name, count, extractor: ofReal.extractor, sampler: options.sampler, steps: options.steps, seed: options.seed, backend, agreement, generated, trainingImages: reference },
    `${table(['METRIC', 'DRAWN', 'TRAINING IMAGES'], rows(generated, reference))}\n${count} images of each kind against ${count} held-out ones; features: ${ofReal.extractor}. These are no FID or KID of the literature, whose features are Inception's${
      agreement ? `\nthe classifier gives ${(100 * agreement.agreement).toFixed(1)} % of the drawn images the label that was asked for` : ''
    }`,
  );
}

/** Sets are cut into so many parts for their errors. */
const parts = 10;
/** Directions of the sliced distance. */
const directions = 256;

function compare(images: PointSet, heldOut: PointSet) {
  // Refuses too few samples by their whole numbers, before parts are left out.
  frechetDistance(FeatureMoments.of(images), FeatureMoments.of(heldOut));
  return {
    frechetDistance: jackknifedFrechetDistance(partsOf(images), partsOf(heldOut)),
    kernelDistance: kernelDistance(images, heldOut, { blocks: parts }),
    slicedWasserstein: Math.sqrt(squaredSlicedWasserstein(images, heldOut, directions, new PhiloxStream({ seed: 1, purpose: 'heldOutNoise' }))),
    ...precisionRecall(heldOut, images),
  };
}

function partsOf({ data, dimensions }: PointSet): FeatureMoments[] {
  return Array.from({ length: parts }, (_, part) => FeatureMoments.of({ dimensions, data: data.filter((__, i) => Math.floor(i / dimensions) % parts === part) }));
}

type Comparison = ReturnType<typeof compare>;

function rows(generated: Comparison, reference: Comparison): string[][] {
  const line = (name: string, text: (of: Comparison) => string): string[] => [name, text(generated), text(reference)];
  const sure = ({ value, standardError }: Comparison['kernelDistance'], digits: number): string => `${value.toFixed(digits)} ± ${standardError.toFixed(digits)}`;
  return [
    line('Fréchet distance', (of) => sure(of.frechetDistance, 3)),
    line('kernel distance', (of) => sure(of.kernelDistance, 4)),
    line('sliced Wasserstein distance', (of) => of.slicedWasserstein.toFixed(4)),
    line('precision', (of) => of.precision.toFixed(3)),
    line('recall', (of) => of.recall.toFixed(3)),
  ];
}
