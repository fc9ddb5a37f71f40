// A member of the exchange in a process of its own: `node member-process.mjs OPTIONS`. Obeys one line of JSON after the other; prints its endpoints, and each result that it was asked for.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { ExchangeHost, VectorArena } from '@langevin/collectives';

const { id, job, transports } = JSON.parse(process.argv[2]);
const host = await ExchangeHost.start({
  cluster: 'test',
  term: 1,
  self: { id, name: id, incarnation: '1' },
  token: 'token-of-the-test',
  listen: { host: '127.0.0.1', port: 0 },
  transports,
  onTrouble: () => undefined,
  onRecovered: () => undefined,
});
const arena = VectorArena.attach(host.openJob(job));
const say = (what) => process.stdout.write(`${JSON.stringify(what)}\n`);
say({ id, name: id, incarnation: '1', ...host.endpoints });

const orders = {
  members: (members) => host.setMembers(members),
  begin: (begin) => host.begin(begin),
  /** The sum of a leaf: element i is (i mod 1000) · factor. */
  offer: ({ factor, ...partial }) => {
    const { floats, address } = arena.take();
    floats.forEach((_, index) => (floats[index] = (index % 1000) * factor));
    host.offer({ ...partial, address });
    say({ offered: partial.subtree, isShared: arena.isShared(address) });
  },
  held: async (step) => {
    const held = await host.held(step);
    say({ ...held, content: createHash('sha256').update(arena.bytesAt(held.address, arena.length * 4)).digest('hex') });
  },
  commit: (step) => host.commit(step),
};
for await (const line of createInterface({ input: process.stdin })) {
  for (const [name, order] of Object.entries(JSON.parse(line))) void orders[name](order);
}
await host[Symbol.asyncDispose]();
