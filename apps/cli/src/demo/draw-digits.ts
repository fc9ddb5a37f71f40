import { join } from 'node:path';
import { openCheckpoint, writePngGrid } from '@langevin/client';
import type { JobSpec } from '@langevin/contracts';
import { judgeSamples, trainDigitClassifier } from '@langevin/evaluation';
import { openCliStore } from '../open-store.js';
import type { Output } from '../output.js';
import { ProgressBar } from '../progress-bar.js';
import { realImages } from '../real-images.js';
import { shellWord } from '../shell-word.js';
import type { DemoOptions } from './demo-spec.js';

/** What was drawn, and how good it is. */
export interface DrawnDigits {
  /** Share of the drawn digits that an independent classifier reads as what was asked for. */
  readonly labelAgreement: number;
  /** Commands that draw again. */
  readonly commands: readonly string[];
}

/** Digits that are drawn, denoising steps of each, and times that the classifier sees each real digit. */
const effort = { count: 500, steps: 16, epochs: 5 };
const quickEffort = { count: 64, steps: 20, epochs: 2 };
const guidanceScale = 3;
const classifierSeed = 1;
const gridColumns = 10;
/** Rows of the picture: each of the ten columns is one label. */
const gridRows = 8;

/** Draws digits with the newest checkpoint, judges them, and writes a picture of the first of them. */
export async function drawDigits(options: DemoOptions, spec: JobSpec, output: Output, signal: AbortSignal): Promise<DrawnDigits> {
  const { count, steps, epochs } = options.quick ? quickEffort : effort;
  const model = await openCheckpoint({ store: await openCliStore(options), run: spec.name });
  const bar = new ProgressBar('drawing ');
  const labels = Array.from({ length: count }, (_, index) => index % 10);
  const samples = await model.sample({
    labels,
    steps: Math.min(steps, spec.process.num_train_timesteps),
    guidanceScale,
    seed: spec.seed,
    signal,
    onProgress: (progress) => bar.show(progress.steps, progress.totalSteps, `${progress.images} of ${count} digits`),
  });
  bar.end();
  model.dispose();
  const picture = join(options.dataDir, `${spec.name}.png`);
  const shown = Math.min(count, gridColumns * gridRows);
  const pixels = samples.images.length / count;
  await writePngGrid(picture, { ...samples, images: samples.images.subarray(0, shown * pixels) }, { columns: gridColumns });
  output.say(`${shown} of the digits are in ${picture}`);

  output.say('an independent classifier learns from real digits, to read the drawn ones …');
  const train = await realImages(options, spec.dataset.name, 'train');
  const heldOut = await realImages(options, spec.dataset.name, 'test');
  const classifier = await trainDigitClassifier(train, { seed: classifierSeed, epochs, signal });
  const verdict = await judgeSamples({ samples: { ...samples, labels }, train, heldOut, classifier });
  classifier.dispose();
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  output.say(`  reads ${percent(verdict.classifierAccuracy)} of held-out real digits rightly, and ${percent(verdict.labelAgreement)} of the drawn ones as asked`);
  output.say(`  variety within a label: ${percent(verdict.diversityRatio)} of that of real digits`);
  output.say(`  distance to the nearest training digit: ${verdict.nearestTrainDistanceSamples.toFixed(2)}; held-out digits have ${verdict.nearestTrainDistanceHeldOut.toFixed(2)}`);
  const inFolder = (name: string): string => shellWord(join(options.dataDir, name));
  const base = `npx langevin sample --data-dir ${shellWord(options.dataDir)} --run ${spec.name} --guidance-scale ${guidanceScale}`;
  return {
    labelAgreement: verdict.labelAgreement,
    commands: [`${base} --label 7 --out ${inFolder('sevens.png')}`, `${base} --label all --count 40 --seed 2 --out ${inFolder('digits.png')}`],
  };
}
