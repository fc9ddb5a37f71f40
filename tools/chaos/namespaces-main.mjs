import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { builtProduct } from './built-product.mjs';
import { ChaosCluster } from './cluster.mjs';
import { readLedgers } from './facts.mjs';
import { Guard } from './guard.mjs';
import { Jobs } from './jobs.mjs';
import { listenPorts, namespaceNet, noNamespaces } from './namespace-net.mjs';

const limitMs = 5 * 60_000;
const coordinatorPort = 7433;
const job = { steps: 50, everySteps: 25 };
const delayMs = 20;
/** A stall comes so often, and lasts so long: less than any deadline of the product. */
const stallEveryMs = 5000;
const stallMs = 700;

const relayMain = fileURLToPath(new URL('relay-main.mjs', import.meta.url));

const help = `Usage: npm run test:namespaces -- [--trainers N] [--model NAME] [--megabits N] [--blocked N] [--transport tcp|grpc] [--json]

Trains 50 steps on a coordinator and trainers that are machines of their own, as far as the network can tell: network namespaces on
cables of N megabits a second (default 200) in each direction, with ${delayMs} ms more each way to and from the coordinator and a stall
of ${stallMs} ms now and then, over TLS; nobody can dial the last trainer (--blocked: how many; default 1). Memory is shared by all of them, and not used. The weights must be
those of one trainer on loopback. It needs root on Linux and iproute2; elsewhere it says so, and ends with code 0: skipped.
`;

/** Runs the test; resolves with the exit code. */
export async function main(args) {
  const text = (fallback) => ({ type: 'string', default: fallback });
  const { values } = parseArgs({
    args,
    options: { trainers: text('3'), model: text('8x8'), megabits: text('200'), blocked: text('1'), transport: text('tcp'), product: { type: 'string' }, json: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(help);
    return 0;
  }
  const why = noNamespaces();
  if (why !== null) {
    process.stdout.write(values.json ? `${JSON.stringify({ skipped: why })}\n` : `skipped: ${why}\n`);
    return 0;
  }
  const product = await builtProduct(values.product);
  const folder = mkdtempSync(join(tmpdir(), 'langevin-namespaces-'));
  const giveUp = new AbortController();
  const timer = setTimeout(() => giveUp.abort(new Error(`it took longer than ${limitMs / 60_000} minutes`)), limitMs);
  const options = { product, folder, model: values.model, trainers: Number(values.trainers), megabits: Number(values.megabits), blocked: Number(values.blocked), transport: values.transport, signal: giveUp.signal };
  let isKept = false;
  try {
    const startMs = performance.now();
    const loopback = await onLoopback(options);
    const apart = await inNamespaces(options);
    const leaves = leavesOf(join(folder, 'ledger'));
    const idle = Array.from({ length: options.trainers }, (_, i) => `far-${i + 1}`).filter((name) => !leaves[name]);
    if (idle.length > 0) throw new Error(`${idle.join(', ')} took no part`);
    const report = { identical: loopback.weights === apart.weights, ...job, leaves, loopback: loopback.weights, namespaces: apart.weights, seconds: Math.round((performance.now() - startMs) / 1000) };
    isKept = !report.identical;
    process.stdout.write(values.json ? `${JSON.stringify(report)}\n` : `${report.identical ? 'the same weights' : '✗ other weights'} in ${report.seconds} s: ${report.loopback} on loopback, ${report.namespaces} in namespaces\n`);
    return report.identical ? 0 : 1;
  } catch (error) {
    isKept = true;
    throw error;
  } finally {
    clearTimeout(timer);
    if (isKept) process.stderr.write(`logs are in ${folder}\n`);
    else rmSync(folder, { recursive: true, force: true });
  }
}

async function onLoopback({ product, folder, model, signal }) {
  const dataDir = join(folder, 'loopback');
  await product.prepare(dataDir, model);
  const cluster = await ChaosCluster.start({ product, folder: join(folder, 'loopback-run'), dataDir, trainers: ['alone'], isTls: false, seed: 1 });
  try {
    return await trained({ product, dataDir, address: cluster.address, model, signal });
  } finally {
    await cluster[Symbol.asyncDispose]();
  }
}

async function inNamespaces({ product, folder, model, trainers, megabits, blocked, transport, signal }) {
  const dataDir = join(folder, 'apart');
  await product.prepare(dataDir, model);
  const guard = new Guard();
  const names = Array.from({ length: trainers }, (_, i) => i + 1);
  const network = namespaceNet({ guard, guests: trainers, megabits, blocked: names.slice(trainers - blocked) });
  const stalling = [];
  try {
    const [hub, ...guests] = network.machines;
    const tls = await product.certificates(join(folder, 'tls'), network.machines.map((machine) => machine.address));
    const start = async (machine, name, program) => {
      const started = guard.start({ name, command: [...machine.command, ...program.command], env: program.env, log: join(folder, `${name}.log`) });
      await started.ready;
      return started;
    };
    const ledger = join(folder, 'ledger');
    const coordinator = await product.coordinator({ dataDir, host: '0.0.0.0', port: coordinatorPort, tls, ledger });
    await start(hub, 'coordinator', coordinator);
    await Promise.all(
      guests.map(async (guest, index) => {
        const name = `far-${index + 1}`;
        // On the hub's machine, in front of the coordinator: what a trainer says to it, and hears from it, comes late.
        const relayed = JSON.stringify({ host: hub.address, port: coordinatorPort + 1 + index, target: { host: hub.address, port: coordinatorPort }, seed: index });
        const relay = await start(hub, `relay-${index + 1}`, { command: [process.execPath, relayMain, relayed] });
        relay.send({ kind: 'delay', ms: delayMs });
        stalling.push(stallNowAndThen(relay, index));
        const port = listenPorts.first + index;
        await start(guest, name, await product.trainer({ name, dataDir, coordinator: `${hub.address}:${coordinatorPort + 1 + index}`, host: guest.address, port, advertise: `${guest.address}:${port}`, exchangePort: port + 1000, transport, tls, ledger }));
      }),
    );
    return await trained({ product, dataDir, address: `${hub.address}:${coordinatorPort}`, tls, model, signal });
  } finally {
    for (const timer of stalling) clearInterval(timer);
    await guard[Symbol.asyncDispose]();
    network.remove();
  }
}

/** How many leaves each trainer computed. */
function leavesOf(ledger) {
  const leaves = {};
  for (const { name, facts } of readLedgers(ledger)) {
    for (const fact of facts) if (fact.type === 'computed') leaves[name] = (leaves[name] ?? 0) + fact.leaves;
  }
  return leaves;
}

function stallNowAndThen(relay, index) {
  return setInterval(() => {
    relay.send({ kind: 'stall', ms: stallMs });
    setTimeout(() => relay.send({ kind: 'delay', ms: delayMs }), stallMs + 20);
  }, stallEveryMs + index * 900);
}

async function trained({ product, dataDir, address, tls, model, signal }) {
  const client = await product.client({ address, dataDir, tls });
  try {
    const jobs = new Jobs({ client, model, ...job, signal });
    await jobs.submit('apart');
    const state = await jobs.end(limitMs);
    if (state.phase !== 'succeeded') throw new Error(`the job ended as ${state.phase}: ${state.reason}`);
    return state;
  } finally {
    client.close();
  }
}
