import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { isRuntimeComplete, runtimeDirectory } from '../install/runtime-cache.js';

// XLA needs the native runtime, which `npm run setup:tensorflow` makes.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;

const packageRoot = path.resolve(__dirname, '..', '..');
const run = promisify(execFile);

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'langevin-xla-'));
  execFileSync(process.execPath, [createRequire(import.meta.url).resolve('typescript/bin/tsc'), '-b', 'tsconfig.lib.json'], { cwd: packageRoot, stdio: 'inherit' });
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Three steps of gradient descent in a process of its own: the losses, and what XLA compiled meanwhile. */
async function descend(xla: boolean): Promise<{ losses: number[]; clusters: number }> {
  const script = `const { compile, loadTensorFlow } = await import(${JSON.stringify(pathToFileURL(path.join(packageRoot, 'dist', 'index.js')).href)});
    const { tf } = await loadTensorFlow({ backend: 'tensorflow-cpu' });
    const program = compile(
      { step: ({ x }, { w }) => {
          const loss = (kernel) => tf.mean(tf.square(tf.sub(tf.sigmoid(tf.conv2d(x, kernel, 1, 'same')), 0.25)));
          const { value, grad } = tf.valueAndGrad(loss)(w);
          return { results: { value }, state: { w: tf.sub(w, grad) } };
      } },
      { state: { w: { shape: [3, 3, 2, 2] } }, inputs: { step: { x: { shape: [2, 8, 8, 2] } } }, xla: ${xla} },
    );
    program.writeState({ w: Float32Array.from({ length: 36 }, (_, i) => Math.sin(i)) });
    const x = Float32Array.from({ length: 256 }, (_, i) => Math.cos(i));
    process.stdout.write(JSON.stringify([1, 2, 3].map(() => program.run.step({ x }).value.dataSync()[0])));`;
  const dumps = mkdtempSync(path.join(root, 'dumps-'));
  const env = { ...process.env, XLA_FLAGS: `--xla_dump_to=${dumps}` };
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: packageRoot, env });
  const clusters = readdirSync(dumps).filter((name) => /^module_\d+\.cluster_\d+.*\.before_optimizations\.txt$/.test(name));
  return { losses: JSON.parse(stdout) as number[], clusters: clusters.length }; // What the script printed.
}

native('a program with xla', () => {
  it('is compiled by XLA, without a variable in the environment, and computes the same up to rounding, to the same bits in every process', async () => {
    const [plain, compiled, again] = [await descend(false), await descend(true), await descend(true)];
    expect(plain.clusters).toBe(0);
    expect(compiled.clusters).toBeGreaterThan(0);
    expect(again).toEqual(compiled);
    for (const [step, loss] of plain.losses.entries()) expect(compiled.losses[step]).toBeCloseTo(loss, 6);
    expect(plain.losses[2]).toBeLessThan(plain.losses[0] ?? 0);
  }, 60_000);
});
