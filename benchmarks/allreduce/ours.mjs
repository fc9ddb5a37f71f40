// One rank of our side: `node ours.mjs '{"rank":0,"ranks":2,"elements":1000,"transport":"shm"}'`. Prints where it listens, takes all
// members and then, for each line, as many steps as it says, and prints the seconds that they took, by the clock and of the processor.
import { createInterface } from 'node:readline';
import { planChunks } from '@langevin/cluster-core';
import { ExchangeHost, VectorArena } from '@langevin/collectives';
import { loadTls } from '@langevin/rpc';

const { rank, ranks, elements, transport, certificates } = JSON.parse(process.argv[2]);
const ids = Array.from({ length: ranks }, (_, index) => `rank${index}`);
const trouble = (memberId, problem) => process.stderr.write(`${ids[rank]}: ${memberId}: ${problem}\n`);
const fail = (error) => {
  process.stderr.write(`${ids[rank]}: ${error.message}\n`);
  process.exit(1);
};
const host = await ExchangeHost.start({
  cluster: 'allreduce',
  term: 1,
  self: { id: ids[rank], name: ids[rank], incarnation: '1' },
  token: 'allreduce',
  listen: { host: '127.0.0.1', port: 0 },
  transports: [transport === 'tls' ? 'tcp' : transport],
  ...(certificates ? { tls: loadTls(certificates, new Date()) } : {}),
  onTrouble: trouble,
  onRecovered: () => undefined,
  onFailed: fail,
});
const arena = VectorArena.attach(host.openJob({ job: 'allreduce', elements, virtualWorkers: ranks, resultBudgetBytes: 0 }));
const plan = {
  generation: 0,
  shares: ids.map((trainerId, first) => ({ trainerId, subtrees: [{ first, leaves: 1 }] })),
  chunks: planChunks(Math.ceil(elements / 65_536), ids),
};
let step = 0;

/** One all-reduce: the vector lies in the arena, afterwards the mean lies there. */
async function reduce(address) {
  step += 1;
  host.begin({ step, chain: '', plan });
  host.offer({ step, subtree: { first: rank, leaves: 1 }, address, weightSum: 1, lossSum: 0 });
  const held = await host.held(step);
  host.commit(step);
  return held.address;
}

/** The sum is right; sums of small whole numbers are exact. */
async function check() {
  const vector = arena.take();
  vector.floats.forEach((_, index) => (vector.floats[index] = (index % 1000) * (rank + 1)));
  const { floats } = arena.vectorAt(await reduce(vector.address));
  const factor = (ranks + 1) / 2;
  if (!floats.every((value, index) => value === (index % 1000) * factor)) throw new Error(`rank ${rank}: the mean is wrong`);
}

process.stdout.write(`${JSON.stringify({ id: ids[rank], name: ids[rank], incarnation: '1', ...host.endpoints })}\n`);
let isChecked = false;
for await (const line of createInterface({ input: process.stdin })) {
  const order = JSON.parse(line);
  if (order.members) {
    host.setMembers(order.members);
    continue;
  }
  if (!isChecked) await check();
  isChecked = true;
  const startCpu = process.cpuUsage();
  const startMs = performance.now();
  for (let count = 0; count < order.steps; count += 1) await reduce(arena.takeAddress());
  const seconds = (performance.now() - startMs) / 1000;
  const { user, system } = process.cpuUsage(startCpu);
  process.stdout.write(`${JSON.stringify({ seconds, cpuSeconds: (user + system) / 1e6 })}\n`);
}
await host[Symbol.asyncDispose]();
