import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const packageRoot = path.resolve(__dirname, '..', '..');
const relaunchModule = pathToFileURL(path.join(packageRoot, 'dist', 'process', 'relaunch.js')).href;

let root: string;
beforeAll(() => {
  const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
  execFileSync(process.execPath, [tsc, '-b', 'tsconfig.lib.json'], { cwd: packageRoot, stdio: 'inherit' });
  root = mkdtempSync(path.join(os.tmpdir(), 'langevin-relaunch-'));
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Starts a script that relaunches itself with WANTED=yes and then runs `body`; collects what it prints. */
function start(body: string) {
  const script = path.join(root, `script-${Math.trunc(performance.now() * 1000)}.mjs`);
  writeFileSync(
    script,
    `import { followParent, relaunch } from ${JSON.stringify(relaunchModule)};
if (process.env.WANTED !== 'yes') process.exit(await relaunch(process.argv.slice(1), { WANTED: 'yes' }));
followParent();
${body}`,
  );
  const child = spawn(process.execPath, [script, 'an argument'], { stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  const output = { text: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.text += text));
  return { child, output };
}

const waits = `for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => { process.stdout.write(signal + ' '); setTimeout(() => process.exit(7), 200); });
setInterval(() => undefined, 60_000);
process.stdout.write('ready ');`;

describe('relaunch', () => {
  it('passes arguments and environment on, and the exit code back', async () => {
    const { child, output } = start("process.stdout.write([process.argv[2], process.env.WANTED].join()); process.exitCode = 5;");
    expect(await once(child, 'close')).toEqual([5, null]);
    expect(output.text).toBe('an argument,yes');
  });

  it('reports a child that a signal ended as a shell does', async () => {
    const { child } = start("process.kill(process.pid, 'SIGKILL'); setInterval(() => undefined, 60_000);");
    expect(await once(child, 'close')).toEqual([137, null]);
  });

  it('lets a child end that has nothing more to do', async () => {
    const { child } = start('');
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('passes %s on once and waits for the child', async (signal) => {
    const { child, output } = start(waits);
    await once(child.stdout, 'data');
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([7, null]);
    expect(output.text).toBe(`ready ${signal} `);
  });

  it('passes Ctrl-C on once, although the terminal sends it to a whole process group', async () => {
    const { child, output } = start(waits);
    await once(child.stdout, 'data');
    process.kill(-(child.pid ?? NaN), 'SIGINT');
    expect(await once(child, 'close')).toEqual([7, null]);
    expect(output.text).toBe('ready SIGINT ');
  });

  it('takes the child down with a parent that was killed outright', async () => {
    const { child, output } = start(waits);
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    // The pipe closes when the last process that holds it has ended: the child.
    await once(child, 'close');
    expect(output.text).toBe('ready SIGTERM ');
  });
});
