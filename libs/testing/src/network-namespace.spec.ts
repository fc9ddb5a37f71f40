import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { networkNamespace, type NetworkNamespace } from './network-namespace.js';
import { startProcess } from './start-process.js';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;

describe('networkNamespace', () => {
  const whenItCan = async () => {
    const other = await networkNamespace();
    await useIt(other).finally(() => other[Symbol.asyncDispose]());
    const name = other.command.at(-1) ?? '';
    for (const list of [['netns', 'list'], ['link']]) expect(execFileSync('ip', list, { encoding: 'utf8' })).not.toContain(name);
  };

  const useIt = async (other: NetworkNamespace) => {
    const server = createServer((socket) => void socket.end(`you are ${socket.remoteAddress}\n`)).listen(0, other.hostAddress);
    await once(server, 'listening');
    const { port } = server.address() as { port: number }; // A TCP server's.
    const [command, ...args] = other.command;
    const script = `require('node:net').connect(${port}, '${other.hostAddress}').pipe(process.stdout)`;
    await using child = await startProcess(command, [...args, process.execPath, '-e', script]);
    expect((await child.exited).code).toBe(0);
    expect(child.stdout()).toBe(`you are ${other.guestAddress}\n`);
    server.close();
  };

  const whenItCannot = async () => {
    await expect(networkNamespace()).rejects.toThrow('a network namespace needs root on Linux');
  };

  if (isRoot) it('is another machine for TCP, and goes at the end', whenItCan);
  else it('says that it needs root on Linux', whenItCannot);
});
