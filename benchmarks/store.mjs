// How fast blobs go into an S3 store and come back, every byte hashed, beside the bare `minio` client on the same server, which
// hashes for its signatures alone. `npm run bench -- store [--json] [--rounds N] [--megabytes N]`
import { spawnSync } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { openStore, putBlob, streamBlob } from '../libs/registry/dist/index.js';
import { startMinio } from '../libs/testing/dist/index.js';
import { alternate, formatTable, rateOf } from './comparison.mjs';

// The very client that the store speaks through.
const { Client } = createRequire(new URL('../libs/registry/package.json', import.meta.url))('minio');

const bucket = 'bench';

/** What both sides do, against one server: resolves when it is done, and leaves nothing behind in memory. */
async function sides(location, credentials) {
  const { hostname, port } = new URL(new URL(location).searchParams.get('endpoint'));
  const client = new Client({ endPoint: hostname, port: Number(port), useSSL: false, region: 'us-east-1', ...credentials });
  const store = await openStore(location);
  let ref;
  const consume = async (pieces) => {
    let bytes = 0;
    for await (const piece of pieces) bytes += piece.length;
    return bytes;
  };
  return {
    upload: {
      ours: async (file) => (ref = await putBlob(store, file)),
      theirs: (file) => client.fPutObject(bucket, 'theirs', file),
    },
    download: { ours: () => consume(streamBlob(store, ref)), theirs: async () => consume(await client.getObject(bucket, 'theirs')) },
    clear: async () => {
      await store.remove(`v1/blobs/sha256/${ref.digest.slice(0, 2)}/${ref.digest}`);
      await client.removeObject(bucket, 'theirs');
    },
  };
}

function credentialsOf(env) {
  return { accessKey: env.AWS_ACCESS_KEY_ID, secretKey: env.AWS_SECRET_ACCESS_KEY };
}

/** MB by which one process grows, at its largest, while it does one thing once: in a process of its own, so that nothing else counts. */
function growth(args, env) {
  const { stdout, status } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), '--grow', ...args], { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status !== 0) throw new Error(`measuring the memory of ${args.join(' ')} ended with status ${status}`);
  return Number(stdout);
}

async function grow([location, side, file]) {
  const both = await sides(location, credentialsOf(process.env));
  const before = process.memoryUsage().rss;
  await both.upload[side](file);
  const uploaded = process.resourceUsage().maxRSS * 1024 - before;
  process.stdout.write(String(Math.round(uploaded / 1e6)));
}

/** Other bytes each time: a blob that is there already would not be sent. */
async function renew(file, round) {
  const handle = await open(file, 'r+');
  await handle.write(Buffer.from(`round ${round}`.padEnd(16)), 0, 16, 0);
  await handle.close();
}

async function main({ json, rounds, megabytes }) {
  const folder = await mkdtemp(join(tmpdir(), 'langevin-bench-'));
  const server = await startMinio({ buckets: [bucket], folder: join(folder, 'data') });
  try {
    const env = { ...process.env, ...server.env };
    Object.assign(process.env, server.env);
    const file = join(folder, 'file');
    await writeFile(file, randomFillSync(Buffer.alloc(megabytes * 1e6)));
    const both = await sides(server.location(bucket), credentialsOf(server.env));
    const upload = alternate({ operation: `upload ${megabytes} MB` });
    const download = alternate({ operation: `download ${megabytes} MB` });
    // The first round warms both up, and does not count.
    for (let round = 0; round <= rounds; round++) {
      await renew(file, round);
      for (const [comparison, work] of [[upload, both.upload], [download, both.download]]) {
        const rate = (side) => () => rateOf(megabytes, () => work[side](file));
        await comparison.round({ counts: round > 0, oursFirst: round % 2 === 0, ours: rate('ours'), theirs: rate('theirs') });
      }
      await both.clear();
    }
    const memory = Object.fromEntries(['ours', 'theirs'].map((side) => [side, growth([server.location(bucket), side, file], env)]));
    const results = [upload.result(), download.result()];
    const machine = { rounds, node: process.version, peer: 'minio client 8.0.7, MinIO on this machine', uploadGrowthMb: memory };
    const notes = [
      `${rounds} rounds, Node ${machine.node}; theirs: ${machine.peer}`,
      `memory while uploading grew by ${memory.ours} MB (ours), ${memory.theirs} MB (theirs)`,
    ];
    const table = () => formatTable(results, { unit: 'MB/s', title: ({ operation }) => operation, notes });
    process.stdout.write(`${json ? JSON.stringify({ results, ...machine }) : table()}\n`);
  } finally {
    await server[Symbol.asyncDispose]();
    await rm(folder, { recursive: true, force: true });
  }
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '9' },
    megabytes: { type: 'string', default: '256' },
    grow: { type: 'boolean', default: false },
  },
});
if (values.grow) await grow(positionals);
else await main({ json: values.json, rounds: Number(values.rounds), megabytes: Number(values.megabytes) });
