import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startProcess, temporaryFolder, type StartedProcess, type TemporaryFolder } from '@langevin/testing';
import { readPng } from './testing/read-png.js';
import { command, endOf, langevinJson, refusal, startLangevin, workspace, type CommandEnd } from './testing/run-langevin.js';
import { checkpointStored, startClusterWithDigits, until, type JobReport } from './testing/test-cluster.js';
import { tinyJobYaml, writeTinyJob } from './testing/tiny-job.js';

jest.setTimeout(300_000);

/** The names that scripts rely on, in the order of the last line. */
const resultNames = ['ok', 'imagesPerSecond', 'finalLoss', 'labelAgreement', 'weightsSha256', 'checkpoints', 'trainers', 'backend'];
const recipe = { steps: 40, everySteps: 10 };

interface DemoResult {
  readonly ok: boolean;
  readonly imagesPerSecond: number;
  readonly finalLoss: number;
  readonly labelAgreement: number;
  readonly weightsSha256: string;
  readonly checkpoints: number;
  readonly trainers: number;
  readonly backend: string;
}

const startDemo = (dataDir: string, file: string): Promise<StartedProcess> =>
  startLangevin(['demo', '--quick', '--trainers', '2', '--recipe', file, '--data-dir', dataDir]);

/** The commands that the demo printed, without what stands before them. */
function printedCommands({ stderr }: CommandEnd): string[] {
  return [...stderr.matchAll(/^ {2}(npx langevin .*)$/gm)].map((match) => match[1] ?? '');
}

/** Interrupts what stands in the terminal's foreground: the command, not what it started, which has process groups of its own. */
function pressCtrlC(terminal: StartedProcess): void {
  const commands = terminal.processes().filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(`${process.execPath}\0${command}\0demo`));
  process.kill(Math.min(...commands), 'SIGINT');
}

function resultOf({ stdout }: CommandEnd): DemoResult {
  return JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '') as DemoResult;
}

/** Weights of the recipe from a cluster that nobody interrupted, of another size. */
async function uninterruptedWeights(): Promise<string> {
  await using folder = await temporaryFolder();
  await using cluster = await startClusterWithDigits(folder.path, 1);
  const job = await langevinJson<JobReport>(['job', 'submit', writeTinyJob(folder.path, recipe), '--data-dir', folder.path, '--wait']);
  await cluster.stop();
  return job.weightsSha256;
}

describe('langevin demo', () => {
  let folder: TemporaryFolder;
  let dataDir: string;
  let file: string;
  let stopped: CommandEnd;
  let finished: CommandEnd;
  let weights: string;

  beforeAll(async () => {
    folder = await temporaryFolder();
    // Blanks, so that the printed commands have to name the folder as a shell reads it.
    dataDir = join(folder.path, 'my digits');
    file = writeTinyJob(folder.path, recipe);
    weights = await uninterruptedWeights();
    await using first = await startDemo(dataDir, file);
    await checkpointStored(dataDir, 'tiny', recipe.everySteps);
    first.signal('SIGINT');
    stopped = await endOf(first);
    await using second = await startDemo(dataDir, file);
    finished = await endOf(second);
  });
  afterAll(() => folder[Symbol.asyncDispose]());

  it('ends at Ctrl-C with code 130, says how it goes on, and leaves no process behind', () => {
    expect(stopped).toMatchObject({ code: 130, stdout: '' });
    expect(stopped.stderr).toMatch(/\nlangevin: stopped; the same command continues from the last checkpoint\n$/);
  });

  it('continues in the same folder, to the weights of a run that nobody stopped', () => {
    expect(finished.code).toBe(0);
    // Ctrl-C lets trainers store their state before they go, at whatever step.
    expect(finished.stderr).toMatch(/job tiny continues from its checkpoint at step [1-3]\d of 40/);
    expect(resultOf(finished).weightsSha256).toBe(weights);
  });

  it('ends with one line of JSON that has the promised names', () => {
    const result = resultOf(finished);
    expect(Object.keys(result)).toEqual(resultNames);
    expect(result).toMatchObject({ ok: true, trainers: 2, backend: expect.stringMatching(/^\S+( \S+)?$/) });
    // At the steps 10, 20, 30 and 40, and at the one at which it was stopped.
    expect([4, 5]).toContain(result['checkpoints']);
    expect(result.imagesPerSecond).toBeGreaterThan(0);
    expect(result.finalLoss).toBeGreaterThan(0);
    expect(result.labelAgreement).toBeGreaterThanOrEqual(0);
    expect(result.labelAgreement).toBeLessThanOrEqual(1);
  });

  it('draws a picture of ten columns', () => {
    const { width, height, shades } = readPng(join(dataDir, 'tiny.png'));
    expect([width, height]).toEqual([604, 424]);
    expect(shades).toBeGreaterThan(10);
  });

  it('prints commands that draw again after it has ended, as they are printed', async () => {
    const commands = printedCommands(finished);
    expect(commands).toHaveLength(2);
    for (const command of commands) {
      await using shell = await startProcess('sh', ['-c', command], { cwd: workspace });
      const end = await endOf(shell);
      expect(end).toMatchObject({ code: 0 });
    }
    expect(readPng(join(dataDir, 'sevens.png'))).toMatchObject({ width: 244, height: 244 });
    expect(readPng(join(dataDir, 'digits.png')).shades).toBeGreaterThan(10);
  });

  it('stays on a terminal until Ctrl-C, and shows the run in its dashboard', async () => {
    const words = [process.execPath, command, 'demo', '--quick', '--trainers', '2', '--recipe', file, '--data-dir', dataDir];
    await using terminal = await startProcess('script', ['-qfec', words.map((word) => `'${word}'`).join(' '), '/dev/null'], { env: { TERM: 'xterm' } });
    const [, url = ''] = await terminal.waitForLine(/dashboard: (http\S+)/, 60_000);
    await terminal.waitForLine(/The dashboard stays until Ctrl-C/, 120_000);
    const [, last = ''] = await terminal.waitForLine(/^(\{.*\})/);
    expect(JSON.parse(last)).toMatchObject({ ok: true, weightsSha256: weights });
    const { origin, searchParams } = new URL(url);
    const runs = await fetch(`${origin}/api/v1/runs`, { headers: { authorization: `Bearer ${searchParams.get('token')}` } });
    expect(await runs.json()).toMatchObject({ items: [{ name: 'tiny', phase: 'succeeded' }] });
    pressCtrlC(terminal);
    expect(await endOf(terminal)).toMatchObject({ code: 0 });
  });

  it('trains nothing anew when it was finished before, and stops at Ctrl-C while it draws', async () => {
    await using again = await startDemo(dataDir, file);
    const [, digest] = await again.waitForLine(/; weights sha256 ([0-9a-f]{64})$/, 120_000);
    expect(digest).toBe(weights);
    expect(again.stderr()).toContain('job tiny was finished before at step 40 of 40');
    again.signal('SIGINT');
    expect(await endOf(again)).toMatchObject({ code: 130, stdout: '' });
  });
});

describe('langevin demo, when something goes wrong', () => {
  it('leaves no process behind when it is killed with no chance to stop anything', async () => {
    await using folder = await temporaryFolder();
    await using demo = await startDemo(folder.path, writeTinyJob(folder.path, { steps: 100 }));
    await demo.waitForLine(/^training .* 10 %/, 120_000);
    expect(demo.processes().length).toBeGreaterThan(3);
    demo.signal('SIGKILL');
    // Not until its output ends: whoever is left would hold it open.
    await until(() => demo.processes().length === 0, 'the end of the coordinator and the trainers', 15_000);
  });

  it('refuses a recipe without labels before it starts anything', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'unconditional.yaml');
    writeFileSync(file, tinyJobYaml().replace('  num_class_embeds: 11\n', '').replace('labelDropout: 0.1, ', ''));
    expect(await refusal(['demo', '--recipe', file, '--data-dir', join(folder.path, 'data')])).toEqual({
      exitCode: 2,
      code: 'invalid_spec',
      message: `the demo draws the digits that it is asked for: set model.num_class_embeds to 11 in ${file}`,
    });
  });
});
