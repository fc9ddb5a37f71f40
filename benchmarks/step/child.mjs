import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** Seconds that one side computes in a round, at least. */
const roundSeconds = 2;

/**
 * A side of the comparison: a process that lives through all rounds and does as many steps as it is asked for. Starting, tracing,
 * compiling and warming up are over when this resolves.
 */
export async function startSide(command, args, env) {
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(`${command} ${args[0]} ended with ${signal ?? `status ${code}`}`));
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(await exited);
    return JSON.parse(value);
  };
  const stop = async () => {
    child.stdin.end();
    child.kill();
    await exited;
  };
  const run = async (steps) => {
    child.stdin.write(`${JSON.stringify({ steps })}\n`);
    const { images, seconds, cpuSeconds, last } = await answer();
    if (!Number.isFinite(last)) throw new Error(`${command} ${args[0]} computed ${last}: its figures say nothing`);
    return { seconds, cpuSeconds, rate: images / seconds };
  };
  try {
    const { parameters, about } = await answer();
    const steps = await calibrate(run);
    return { parameters, about, round: () => run(steps), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** How many steps fill a round. The first ones are slower than all that follow: they do not count. */
async function calibrate(run) {
  await run(1);
  for (let steps = 1; ; steps *= 2) {
    const { seconds } = await run(steps);
    if (seconds >= roundSeconds) return steps;
    if (seconds >= roundSeconds / 4) return Math.ceil((steps * roundSeconds * 1.15) / seconds);
  }
}
