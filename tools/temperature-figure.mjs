// npm run figure:temperature: draws docs/images/temperature.svg. What guidance of scale γ draws from two overlapping classes, beside p(x)·p(y | x)^γ and what the Langevin corrector draws:
// exact denoiser, exact classifier, samples of diffusion-core.
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadTensorFlow } from '@langevin/tf-runtime';
import { classifierGuidance, ddpmAncestral, langevinCorrector, mixtureDenoiser, PhiloxStream, timestepGrid, ddpmProcess } from '@langevin/diffusion-core';

const { tf } = await loadTensorFlow({ backend: 'cpu' });
const gamma = 6;
const samples = 20_000;
const classes = [{ weight: 0.5, mean: [-0.6], variance: 0.36 }, { weight: 0.5, mean: [0.6], variance: 0.36 }];
const process_ = ddpmProcess({ num_train_timesteps: 1000, beta_schedule: 'linear', beta_start: 1e-4, beta_end: 0.02 });
const noise = (step) => tf.tensor2d(new PhiloxStream({ seed: 1, purpose: 'samplerNoise', step }).fillNormal(new Float32Array(samples)), [samples, 1]);

/** ln p(right class | x_t): what a perfect classifier says. */
const classifier = (x, t) =>
  tf.tidy(() => {
    const times = [...new Set(t.dataSync())]; // One time for all.
    const [alpha, sigma] = [process_.alpha(times[0]), process_.sigma(times[0])];
    const slope = (2 * alpha * 0.6) / (alpha * alpha * 0.36 + sigma * sigma);
    return tf.reshape(tf.neg(tf.softplus(tf.mul(-slope, x))), [-1]);
  });

const normal = (x, mean, variance) => Math.exp(-((x - mean) ** 2) / (2 * variance)) / Math.sqrt(2 * Math.PI * variance);
const data = (x) => classes.reduce((sum, { weight, mean, variance }) => sum + weight * normal(x, mean[0], variance), 0);
const right = (x) => (0.5 * normal(x, 0.6, 0.36)) / data(x);

const [low, high, width] = [-2.5, 3.5, 0.1];
const places = Array.from({ length: Math.round((high - low) / width) }, (_, i) => low + (i + 0.5) * width);

function normalised(density) {
  const values = places.map(density);
  const total = values.reduce((sum, value) => sum + value * width, 0);
  return values.map((value) => value / total);
}

function histogram(x) {
  const counts = new Array(places.length).fill(0);
  for (const value of x.dataSync()) {
    const bin = Math.floor((value - low) / width);
    if (bin >= 0 && bin < counts.length) counts[bin] += 1 / (samples * width);
  }
  return counts;
}

function draw() {
  const denoiser = mixtureDenoiser(process_, classes);
  const guided = classifierGuidance(classifier, process_, gamma)(denoiser);
  const start = noise(100_000);
  const reverse = ddpmAncestral(guided, process_, timestepGrid(200, 'trailing'), start, { noise });
  const corrected = tf.tidy(() => langevinCorrector(guided, process_, 10, reverse, { steps: 300, stepSize: 0.02, noise: (i) => noise(10_000 + i) }));
  return [
    { name: 'data p(x)', kind: 'data', values: normalised(data) },
    { name: `p(x)·p(y | x)^${gamma}`, kind: 'tempered', values: normalised((x) => data(x) * right(x) ** gamma) },
    { name: `guided with γ = ${gamma}`, kind: 'guided', values: histogram(reverse) },
    { name: 'then the Langevin corrector', kind: 'corrected', values: histogram(corrected) },
  ];
}

const plot = { left: 24, right: 520, top: 44, bottom: 300 };
const style = `
  text { font: 13px system-ui, sans-serif; fill: #24292f } .title { font-size: 16px; font-weight: 600 } .axis { stroke: #6e7781 }
  polyline { fill: none; stroke-width: 2.2 } .data { stroke: #8c959f; stroke-dasharray: 5 4 } .tempered { stroke: #1a7f37; stroke-width: 4.5; opacity: .55 }
  .guided { stroke: #bc4c00 } .corrected { stroke: #0969da }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .guided { stroke: #f0883e } .corrected { stroke: #4493f8 } .tempered { stroke: #3fb950 } }`;

function svg(curves) {
  const top = 1.1 * Math.max(...curves.flatMap(({ values }) => values));
  const x = (i) => (plot.left + ((i + 0.5) * (plot.right - plot.left)) / places.length).toFixed(1);
  const y = (value) => (plot.bottom - (value / top) * (plot.bottom - plot.top)).toFixed(1);
  const lines = curves.map(({ kind, values }) => `<polyline class="${kind}" points="${values.map((value, i) => `${x(i)},${y(value)}`).join(' ')}"/>`);
  const legend = curves.map(({ name, kind }, i) => `<polyline class="${kind}" points="540,${70 + 26 * i} 572,${70 + 26 * i}"/><text x="580" y="${74 + 26 * i}">${name}</text>`);
  const ticks = [-2, -1, 0, 1, 2, 3].map((value) => `<text x="${x((value - low) / width - 0.5)}" y="${plot.bottom + 18}" text-anchor="middle">${value}</text>`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 330" role="img" aria-label="Guidance with γ = ${gamma} draws a narrower law further out than p(x)·p(y | x)^${gamma}; the Langevin corrector draws that law.">
<style>${style}</style>
<text class="title" x="${plot.left}" y="26">Guidance of scale γ is no temperature</text>
<line class="axis" x1="${plot.left}" x2="${plot.right}" y1="${plot.bottom}" y2="${plot.bottom}"/>
${[...lines, ...legend, ...ticks].join('\n')}
</svg>
`;
}

writeFileSync(join(dirname(dirname(fileURLToPath(import.meta.url))), 'docs/images/temperature.svg'), svg(draw()));
