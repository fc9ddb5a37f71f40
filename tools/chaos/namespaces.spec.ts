import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { startProcess, temporaryFolder } from '@langevin/testing';
import { Guard } from './guard.mjs';
import { listenPorts, namespaceNet, noNamespaces } from './namespace-net.mjs';

const reason = noNamespaces();
/** Prints what it hears from a listener, or that it heard nothing within a second. */
const caller = (host: string, port: number) => [process.execPath, '-e', `const s=require('net').connect(${port},'${host}');s.on('data',(d)=>{console.log(''+d);process.exit()});s.on('error',(e)=>{console.log(e.code);process.exit()});setTimeout(()=>{console.log('silence');process.exit()},1000)`];
const listener = (port: number) => [process.execPath, '-e', `require('net').createServer((s)=>s.end('hello')).listen(${port},()=>process.send?.({kind:'ready'}))`];

if (reason !== null) {
  // Says why, instead of passing in silence.
  it.skip(`machines in network namespaces: ${reason}`, () => undefined);
} else {
  describe('machines in network namespaces', () => {
    it('reach each other on slow cables, nobody reaches one that is blocked, and nothing is left of them', async () => {
      await using folder = await temporaryFolder();
      await using guard = new Guard();
      const { machines, remove } = namespaceNet({ guard, guests: 2, megabits: 8, blocked: [2] });
      try {
        const [hub, open, blocked] = machines as [(typeof machines)[0], (typeof machines)[0], (typeof machines)[0]];
        const port = listenPorts.first;
        for (const [i, { command }] of machines.entries()) await guard.start({ name: `listener ${i}`, command: [...command, ...listener(port)], log: join(folder.path, 'log') }).ready;
        const call = async (from: typeof hub, to: typeof hub) => {
          const [first = '', ...rest] = [...from.command, ...caller(to.address, port)];
          await using process = await startProcess(first, rest);
          await process.exited;
          return process.stdout().trim();
        };
        expect(await Promise.all([call(hub, open), call(blocked, hub), call(blocked, open), call(hub, blocked), call(open, blocked)])).toEqual(['hello', 'hello', 'hello', 'silence', 'silence']);

        expect(execFileSync('ip', ['netns', 'exec', open.name, 'tc', 'qdisc'], { encoding: 'utf8' })).toMatch(/qdisc tbf .* rate 8Mbit/);
      } finally {
        remove();
      }
      expect(execFileSync('ip', ['link'], { encoding: 'utf8' })).not.toContain(`lv${process.pid % 100_000}`);
      expect(execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' })).not.toContain(`lv${process.pid % 100_000}`);
    });
  });
}
