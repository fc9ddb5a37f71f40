import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { runtimeEnvironment } from '@langevin/tf-runtime/process';

/** Seconds that one side works in a round, at least. */
const roundSeconds = 1;

/** One process of a side, which answers line by line. */
function startRank(command, args) {
  // The allocator of trainers, on both sides.
  const env = { ...process.env, ...runtimeEnvironment({ threads: 1, device: null }) };
  const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise((resolve) => child.once('exit', (code, signal) => resolve(`${command} ${args[0]} ended with ${signal ?? `status ${code}`}`)));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  return {
    async answer() {
      const { value, done } = await lines.next();
      if (done) throw new Error(await exited);
      return JSON.parse(value);
    },
    tell: (order) => child.stdin.write(`${JSON.stringify(order)}\n`),
    async stop() {
      child.stdin.end();
      child.kill();
      await exited;
    },
  };
}

/**
 * All processes of a side. `round` has them do the same number of all-reduces together and resolves to bytes a second, of one
 * vector and by the slowest, and to what each all-reduce took of the processor, on average of the processes.
 * @param greet what is told to all once all have spoken
 */
export async function startSide(command, argsOf, { ranks, bytes, greet }) {
  const all = Array.from({ length: ranks }, (_, rank) => startRank(command, argsOf(rank)));
  const run = async (steps) => {
    for (const rank of all) rank.tell({ steps });
    const answers = await Promise.all(all.map((rank) => rank.answer()));
    const cpuSeconds = answers.reduce((sum, answer) => sum + answer.cpuSeconds, 0) / answers.length;
    return { seconds: Math.max(...answers.map(({ seconds }) => seconds)), cpuSeconds };
  };
  const stop = async () => void (await Promise.all(all.map((rank) => rank.stop())));
  try {
    const said = await Promise.all(all.map((rank) => rank.answer()));
    if (greet) for (const rank of all) rank.tell(greet(said));
    // The first ones make connections and take memory: they do not count.
    await run(3);
    const steps = Math.max(3, Math.ceil((3 * roundSeconds) / (await run(3)).seconds));
    const round = async () => {
      const { seconds, cpuSeconds } = await run(steps);
      return { bytesPerSecond: (bytes * steps) / seconds, cpuMs: (cpuSeconds * 1000) / steps };
    };
    return { said, stop, round };
  } catch (error) {
    await stop();
    throw error;
  }
}
