import { execFileSync } from 'node:child_process';

/** One of the nets that are set aside for tests (RFC 2544). The hub, where the coordinator is, is host 1; this process is on it too, as 254. */
const net = `198.19.${process.pid % 256}`;
/** What the system gives to whoever dials is above; a trainer listens below. */
export const listenPorts = { first: 20_000, last: 32_000 };

const run = (command, ...args) => execFileSync(command, args, { stdio: ['ignore', 'ignore', 'pipe'] });
const ip = (...args) => run('ip', ...args);

/** Why there are no namespaces here, in words; null where they can be made. */
export function noNamespaces() {
  if (process.platform !== 'linux') return `network namespaces are a thing of Linux; this is ${process.platform}`;
  if (process.getuid?.() !== 0) return `network namespaces need root; this is uid ${process.getuid?.()}: run it with sudo`;
  for (const [command, ...args] of [['ip', '-V'], ['tc', '-V']]) {
    try {
      run(command, ...args);
    } catch {
      return `there is no ${command}: apt-get install iproute2`;
    }
  }
  const probe = `lvprobe${process.pid}`;
  try {
    ip('netns', 'add', probe);
    ip('netns', 'delete', probe);
    return null;
  } catch (error) {
    return `a network namespace was refused: ${String(error.stderr ?? error.message).trim()}`;
  }
}

/**
 * Machines on one switch, each a network namespace with a cable to a bridge: the hub has the coordinator, the others a trainer each. The
 * guard takes everything back, however the harness ends.
 * `guests` how many besides the hub; `megabits` each cable carries in each direction; `blocked` guests that nobody
 * can dial: their way in is closed for every port that anybody listens on, their way out is open
 * @param {{ guard: import('./guard.mjs').Guard, guests: number, megabits: number, blocked?: number[] }} options
 * @returns {{ machines: { name: string, address: string, command: string[] }[], remove: () => void }}
 */
export function namespaceNet({ guard, guests, megabits, blocked = [] }) {
  const prefix = `lv${process.pid % 100_000}`;
  const bridge = `${prefix}b`;
  const undo = [];
  const make = (undoing, ...args) => {
    guard.undoLater(...undoing);
    undo.push(undoing);
    ip(...args);
  };
  const remove = () => {
    for (const command of undo.splice(0).reverse()) {
      try {
        run(...command);
      } catch {
        // It is gone with another one, or was never made.
      }
      guard.undone(...command);
    }
  };
  try {
    make(['ip', 'link', 'delete', bridge], 'link', 'add', bridge, 'type', 'bridge');
    ip('address', 'add', `${net}.254/24`, 'dev', bridge);
    ip('link', 'set', bridge, 'up');
    const machines = Array.from({ length: guests + 1 }, (_, index) => {
      const name = `${prefix}n${index}`;
      const [outside, inside] = [`${prefix}o${index}`, `${prefix}i${index}`];
      const address = `${net}.${index + 1}`;
      make(['ip', 'netns', 'delete', name], 'netns', 'add', name);
      // Taken away by itself, and first: a namespace whose connections still wait for answers keeps its end for minutes.
      make(['ip', 'link', 'delete', outside], 'link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', name);
      ip('link', 'set', outside, 'master', bridge, 'up');
      ip('-n', name, 'address', 'add', `${address}/24`, 'dev', inside);
      for (const device of [inside, 'lo']) ip('-n', name, 'link', 'set', device, 'up');
      limit([], outside, megabits);
      limit(['-n', name], inside, megabits);
      if (blocked.includes(index)) blockInbound(name, inside);
      return { name, address, command: ['ip', 'netns', 'exec', name] };
    });
    return { machines, remove };
  } catch (cause) {
    remove();
    throw new Error(`the net of namespaces could not be made: ${String(cause.stderr ?? cause.message).trim()}`, { cause });
  }
}

/** tc-tbf(8): packets wait for tokens; a queue of 50 ms, then they are dropped. */
function limit(where, device, megabits) {
  run('tc', ...where, 'qdisc', 'add', 'dev', device, 'root', 'tbf', 'rate', `${megabits}mbit`, 'burst', '256kb', 'latency', '50ms');
}

/**
 * A firewall without one: the routing rules are asked before the table of local addresses, and drop what comes in for a port that could be
 * listened on. Answers to what was dialled from inside go to higher ports.
 */
function blockInbound(name, device) {
  ip('-n', name, 'rule', 'add', 'pref', '10', 'lookup', 'local');
  ip('-n', name, 'rule', 'delete', 'pref', '0');
  ip('-n', name, 'rule', 'add', 'pref', '5', 'iif', device, 'ipproto', 'tcp', 'dport', `1-${listenPorts.last}`, 'blackhole');
}
