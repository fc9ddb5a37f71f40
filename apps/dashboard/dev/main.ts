// `npm run dev -w @langevin/dashboard`: the built dashboard over a generated store, to look at and to measure.
import { randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startDevServer } from './dev-server.js';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '7434' },
    runs: { type: 'string', default: '14' },
    steps: { type: 'string', default: '12000' },
    checkpoints: { type: 'string', default: '48' },
    token: { type: 'string' },
    still: { type: 'boolean', default: false },
  },
});
const server = await startDevServer({
  size: { runs: Number(values.runs), steps: Number(values.steps), checkpoints: Number(values.checkpoints) },
  port: Number(values.port),
  dashboard: join(import.meta.dirname, '../app'),
  token: values.token ?? randomBytes(16).toString('hex'),
  epoch: randomUUID(),
  nowMs: Date.now(),
  isLive: !values.still,
});
process.stdout.write(`${server.url}\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void server[Symbol.asyncDispose]());
