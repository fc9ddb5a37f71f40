// node check-metrics.mjs CASES: Langevin's metrics of the features that write-metric-cases.py wrote, beside what NumPy and SciPy say.
import { readFileSync } from 'node:fs';
import { FeatureMoments, frechetDistance, polynomialKernel, precisionRecall, rbfKernel, squaredMmd, squaredWasserstein1d } from '@langevin/diffusion-core/metrics';

/** Of the value, and as much again beside a value of 0. */
const tolerance = 1e-9;
let differ = 0;

for (const { dimensions, first, second, ...known } of JSON.parse(readFileSync(process.argv[2], 'utf8'))) {
  const [a, b] = [known.a, known.b].map((data) => ({ dimensions, data: Float32Array.from(data) }));
  const ours = {
    frechet: frechetDistance(FeatureMoments.of(a), FeatureMoments.of(b)),
    cubicMmd: squaredMmd(a, b, polynomialKernel(dimensions)),
    gaussianMmd: squaredMmd(a, b, rbfKernel(1.7 * Math.sqrt(dimensions))),
    ...precisionRecall(a, b),
    wasserstein: squaredWasserstein1d(first, second),
  };
  for (const [name, value] of Object.entries(ours)) {
    const difference = Math.abs(value - known[name]) / (Math.abs(known[name]) + tolerance);
    const agrees = difference <= tolerance;
    if (!agrees) differ += 1;
    console.log(`${agrees ? 'ok  ' : 'FAIL'} ${name} of ${a.data.length / dimensions} and ${b.data.length / dimensions} samples of ${dimensions} features: ${value.toPrecision(8)}, apart by ${difference.toExponential(1)}`);
  }
}
if (differ > 0) throw new Error(`${differ} metrics differ from those of NumPy and SciPy`);
