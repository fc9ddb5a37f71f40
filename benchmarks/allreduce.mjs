// How fast Langevin's exchange reduces a gradient beside torch's Gloo, both on the same cores, one after the other in every round.
// `npm run bench -- allreduce [--json] [--ranks 2,4] [--megabytes 20,100] [--transports shm,tcp,grpc,tls] [--rounds N]`
// `tls` is tcp with TLS, as between hosts; Gloo has none.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { issueCertificate } from '@langevin/certificates';
import { interopPython } from '../tools/interop/environment.mjs';
import { bareRate } from './allreduce/bare.mjs';
import { startSide } from './allreduce/side.mjs';
import { alternate, formatTable } from './comparison.mjs';
import { machineFacts } from './step/machine.mjs';

const local = (path) => fileURLToPath(new URL(path, import.meta.url));
/** Rates are compared in MB/s and told in GB/s. */
const megabyte = 1e6;

function readOptions() {
  const { values } = parseArgs({
    options: {
      json: { type: 'boolean', default: false },
      rounds: { type: 'string', default: '7' },
      ranks: { type: 'string', default: '2,4' },
      megabytes: { type: 'string', default: '20,100' },
      transports: { type: 'string', default: 'shm,tcp,grpc' },
    },
  });
  const numbers = (option) => values[option].split(',').map(Number);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 2) throw new Error(`--rounds ${values.rounds}: give a whole number of at least 2; what is to be claimed needs 7`);
  const unknown = values.transports.split(',').find((name) => !['shm', 'tcp', 'grpc', 'tls'].includes(name));
  if (unknown !== undefined) throw new Error(`--transports ${unknown}: there is shm, tcp, grpc, tls`);
  return { json: values.json, rounds, ranks: numbers('ranks'), megabytes: numbers('megabytes'), transports: values.transports.split(',') };
}

const least = (numbers) => Number(Math.min(...numbers).toFixed(1));

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A folder with the certificate of one authority, for all ranks of this host; null where nothing is encrypted. */
async function certificatesFor(transport) {
  if (transport !== 'tls') return null;
  const folder = mkdtempSync(join(tmpdir(), 'langevin-allreduce-'));
  await issueCertificate({ folder, hosts: [], days: 1, now: new Date() });
  return folder;
}

async function compare({ ranks, megabytes, transport }, { rounds, python }) {
  const elements = (megabytes * 1e6) / 4;
  const bytes = elements * 4;
  const sides = [];
  const certificates = await certificatesFor(transport);
  try {
    const ours = await startSide(process.execPath, (rank) => [local('allreduce/ours.mjs'), JSON.stringify({ rank, ranks, elements, transport, certificates })], { ranks, bytes, greet: (members) => ({ members }) });
    sides.push(ours);
    const port = await freePort();
    const theirs = await startSide(python, (rank) => [local('allreduce/theirs.py'), JSON.stringify({ rank, ranks, elements, port })], { ranks, bytes });
    sides.push(theirs);
    const comparison = alternate({ ranks, megabytes, transport });
    /** Of the processor, for each all-reduce and rank: what else the machine does counts less than by the clock. */
    const cpu = { ours: [], theirs: [] };
    const rate = (side, name) => async () => {
      const { bytesPerSecond, cpuMs } = await side.round();
      cpu[name].push(cpuMs);
      return bytesPerSecond / megabyte;
    };
    for (let round = 0; round < rounds; round += 1) {
      await comparison.round({ counts: true, oursFirst: round % 2 === 0, ours: rate(ours, 'ours'), theirs: rate(theirs, 'theirs') });
    }
    const { ours: ourRate, theirs: theirRate, ...result } = comparison.result();
    const inGigabytes = (rate) => Number((rate / 1000).toFixed(3));
    return { ranks, megabytes, transport, ours: inGigabytes(ourRate), theirs: inGigabytes(theirRate), ratio: result.ratio, ratioLow95: result.ratioLow95, cpuMs: { ours: least(cpu.ours), theirs: least(cpu.theirs) } };
  } finally {
    await Promise.all(sides.map((side) => side.stop()));
    if (certificates) rmSync(certificates, { recursive: true });
  }
}

async function main() {
  const options = readOptions();
  const python = interopPython('requirements.txt', ['torch', 'diffusers'], '2 GB to download, 5 GB on disk');
  const results = [];
  for (const transport of options.transports) {
    const bare = await bareRate(transport);
    for (const ranks of options.ranks) {
      for (const megabytes of options.megabytes) {
        const result = await compare({ ranks, megabytes, transport }, { ...options, python });
        // Each byte is moved by 2 (N − 1) copies of an Nth, on each of N members.
        const ofTransport = Number(((result.ours * 1e9 * 2 * (ranks - 1)) / bare).toFixed(2));
        results.push({ ...result, ofTransport });
        process.stderr.write(`${JSON.stringify(results.at(-1))}\n`);
      }
    }
  }
  const machine = machineFacts(local('..'));
  const title = ({ ranks, megabytes, transport }) => `${ranks} ranks, ${megabytes} MB, ${transport}`;
  const notes = [`${options.rounds} rounds, GB/s of algorithm bandwidth; theirs: torch.distributed over Gloo, a thread a rank; Node ${machine.node}`];
  process.stdout.write(`${options.json ? JSON.stringify({ results, machine }) : formatTable(results, { unit: 'GB/s', title, notes })}\n`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`npm run bench -- allreduce: ${error.message}\n`);
  process.exitCode = 1;
}
