// node main.mjs OPTIONS: the measuring half of `npm run profile`, in a process with the environment of a trainer.
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { parseJobSpec, parseYaml } from '@langevin/contracts';
import { loadTensorFlow, profile } from '@langevin/tf-runtime';
import { profileTable } from './table.mjs';
import { steps } from './steps.mjs';

/** Runs before any is measured: the first optimises the graph, the ones after it warm the caches. */
const warmUp = 5;

const median = (items, valueOf) => [...items].sort((a, b) => valueOf(a) - valueOf(b))[(items.length - 1) >> 1];

function elapsedMs(run) {
  const startMs = performance.now();
  run();
  return performance.now() - startMs;
}

/** One step as it is, and the median one of those that were traced. */
function measure(step, runs) {
  const firstMs = elapsedMs(step);
  for (let i = 1; i < warmUp; i += 1) step();
  const untraced = Array.from({ length: runs }, () => elapsedMs(step));
  const traced = Array.from({ length: runs }, () => {
    const [run, ...others] = profile(step);
    if (!run || others.length > 0) throw new Error(`one step ran ${others.length + (run ? 1 : 0)} graphs`);
    return run;
  });
  return { firstMs, callMs: median(untraced, (ms) => ms), run: median(traced, ({ graphMs }) => graphMs) };
}

async function main() {
  const { file, entry, json, threads, runs } = JSON.parse(process.argv[2]);
  const spec = parseJobSpec(parseYaml(readFileSync(file, 'utf8')));
  const { tf, backend } = await loadTensorFlow({ backend: 'tensorflow-cpu' });
  const startMs = performance.now();
  const step = steps[entry](spec, tf);
  const compileMs = performance.now() - startMs;
  const { firstMs, callMs, run } = measure(step, runs);
  const facts = {
    ...{ recipe: spec.name, entry, images: spec.training.microBatch, runs, compileMs, firstMs, callMs },
    machine: { backend, threads, cores: availableParallelism(), cpu: cpus()[0]?.model.trim(), node: process.version },
  };
  process.stdout.write(json ? `${JSON.stringify({ ...facts, ...run, entry })}\n` : profileTable(facts, run));
}

try {
  await main();
} catch (error) {
  process.stderr.write(`npm run profile: ${error.message}\n`);
  process.exitCode = 1;
}
