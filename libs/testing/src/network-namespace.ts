import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { LangevinError } from '@langevin/contracts';

const run = promisify(execFile);

/** Another machine, as far as the network can tell: it shares the file system, and one cable leads to it. */
export interface NetworkNamespace extends AsyncDisposable {
  /** Address of this side of the cable. */
  readonly hostAddress: string;
  /** Address of the other side. */
  readonly guestAddress: string;
  /** What starts a process on the other side: put it before the command and its arguments. */
  readonly command: readonly [string, ...string[]];
}

/**
 * A network namespace that a pair of virtual devices joins to this one (ip-netns(8), veth(4)); gone when disposed. It needs
 * root on Linux and iproute2: elsewhere it throws `unsupported`, which a spec may take as the reason to skip.
 */
export async function networkNamespace(): Promise<NetworkNamespace> {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) {
    throw new LangevinError('unsupported', `a network namespace needs root on Linux; this is ${process.platform}, uid ${process.getuid?.()}`);
  }
  // Unique among test processes, within the 15 characters of a device's name; the net is one of 198.18.0.0/15, for tests (RFC 2544).
  const name = `lv${process.pid}`;
  const net = `198.18.${process.pid % 256}`;
  const [hostAddress, guestAddress] = [`${net}.1`, `${net}.2`];
  const remove = async (): Promise<void> => {
    // Takes both devices with it, at once; a namespace that goes takes its device some time later.
    await run('ip', ['link', 'delete', `${name}h`]).catch(() => {
      // The devices were refused: there are none to take away.
    });
    await run('ip', ['netns', 'delete', name]);
  };
  try {
    await run('ip', ['netns', 'add', name]);
  } catch (cause) {
    throw new LangevinError('unsupported', 'a network namespace was refused: iproute2 has to be there, and the right to make one', { cause });
  }
  try {
    await run('ip', ['link', 'add', `${name}h`, 'type', 'veth', 'peer', 'name', `${name}g`, 'netns', name]);
    await run('ip', ['address', 'add', `${hostAddress}/24`, 'dev', `${name}h`]);
    await run('ip', ['link', 'set', `${name}h`, 'up']);
    await run('ip', ['-n', name, 'address', 'add', `${guestAddress}/24`, 'dev', `${name}g`]);
    for (const device of [`${name}g`, 'lo']) await run('ip', ['-n', name, 'link', 'set', device, 'up']);
  } catch (cause) {
    await remove();
    throw new LangevinError('unsupported', 'a pair of virtual network devices was refused', { cause });
  }
  return { hostAddress, guestAddress, command: ['ip', 'netns', 'exec', name], [Symbol.asyncDispose]: remove };
}
