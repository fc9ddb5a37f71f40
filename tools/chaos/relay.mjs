import { once } from 'node:events';
import { createServer } from 'node:net';
import { RelayPair } from './relay-pair.mjs';
import { seededRandom } from './seeded-random.mjs';

/** Faults that strike whatever is connected while they last. */
const lasting = ['stall', 'silent', 'slow', 'delay'];

/**
 * A TCP relay between two processes: what one sends it passes on to the other, unless it was told to do something else. A fault strikes
 * the live connections, and those that are opened while it lasts; `pass` ends it.
 *
 * | fault | what happens |
 * |---|---|
 * | `{ kind: 'pass' }` | nothing: the default |
 * | `{ kind: 'reset' }` | both sides get RST, once; connections made later pass |
 * | `{ kind: 'half-open', closed: 'client' \| 'server' }` | that side is closed, the other stays open and hears nothing more, once |
 * | `{ kind: 'silent' }` | nothing is passed on and nothing is closed, new connections included; `pass` delivers what waits, as TCP does after a broken route |
 * | `{ kind: 'corrupt', direction? }` | one bit of a byte within the next 2048 is turned over, once |
 * | `{ kind: 'slow', bytesPerSecond }` | no more than that in each direction |
 * | `{ kind: 'delay', ms }` | everything arrives so much later, in order |
 * | `{ kind: 'stall', ms }` | as `silent`, for that long |
 * | `{ kind: 'duplicate', direction? }` | the next frame that carries data is sent twice, once |
 * | `{ kind: 'stale', direction? }` | after the next frame, one from long before is sent again, once |
 *
 * `direction` is `up` (client to server), `down`, or either one that has traffic first.
 */
class Relay {
  /** What it did: connections taken, bytes passed on, and how often each fault took effect. */
  counts = { connections: 0, refused: 0, up: 0, down: 0, effects: {} };
  #server;
  #target;
  #framing;
  #latencyMs;
  #random;
  #fault = { kind: 'pass' };
  #timer;
  #pairs = new Set();
  #wakers = new Set();

  constructor(server, { target, framing, seed, latencyMs }) {
    this.#server = server;
    this.#target = target;
    this.#framing = framing;
    this.#latencyMs = latencyMs;
    this.#random = seededRandom(seed);
    server.on('connection', (client) => this.#take(client));
  }

  /** host:port at which it listens. */
  get address() {
    const { address, port } = this.#server.address();
    return `${address}:${port}`;
  }

  get port() {
    return this.#server.address().port;
  }

  get fault() {
    return this.#fault;
  }

  get connections() {
    return this.#pairs.size;
  }

  /** Connections go to another target from now on: a process that was started again may listen elsewhere. */
  retarget(host, port) {
    this.#target = { host, port };
  }

  /** Begins a fault, or ends one with `pass`. Faults that happen once leave `pass` behind when they have taken effect. */
  set(fault) {
    clearTimeout(this.#timer);
    this.#fault = fault;
    if (fault.kind === 'stall') this.#timer = setTimeout(() => this.set({ kind: 'pass' }), fault.ms);
    if (lasting.includes(fault.kind) && this.#pairs.size > 0) this.#effect(fault.kind);
    if (fault.kind === 'reset' || fault.kind === 'half-open') {
      for (const pair of this.#pairs) {
        if (fault.kind === 'reset') pair.reset();
        else pair.halfOpen(fault.closed);
        this.#effect(fault.kind);
      }
      this.#fault = { kind: 'pass' };
    }
    for (const pair of this.#pairs) pair.faultChanged();
    for (const wake of this.#wakers) wake();
    this.#wakers.clear();
  }

  async close() {
    clearTimeout(this.#timer);
    for (const wake of this.#wakers) wake();
    for (const pair of this.#pairs) pair.reset();
    if (!this.#server.listening) return;
    this.#server.close();
    await once(this.#server, 'close');
  }

  [Symbol.asyncDispose]() {
    return this.close();
  }

  #effect(kind) {
    this.counts.effects[kind] = (this.counts.effects[kind] ?? 0) + 1;
  }

  get #isSilent() {
    return this.#fault.kind === 'silent' || this.#fault.kind === 'stall';
  }

  /** A connection that comes while nothing gets through is dialled on when something does again: as with a SYN that is sent once more. */
  async #take(client) {
    client.pause();
    client.on('error', () => client.destroy());
    if (lasting.includes(this.#fault.kind)) this.#effect(this.#fault.kind);
    while (this.#isSilent && this.#server.listening && !client.destroyed) await new Promise((resolve) => this.#wakers.add(resolve));
    if (client.destroyed || !this.#server.listening) return void client.destroy();
    this.counts.connections++;
    const pair = new RelayPair(client, this.#target, {
      framing: this.#framing,
      latencyMs: this.#latencyMs,
      random: this.#random.fork(),
      fault: () => this.#fault,
      passed: (direction, bytes) => (this.counts[direction] += bytes),
      struck: (kind) => {
        this.#effect(kind);
        if (this.#fault.kind === kind) this.#fault = { kind: 'pass' };
      },
      refused: () => this.counts.refused++,
      ended: () => this.#pairs.delete(pair),
    });
    this.#pairs.add(pair);
  }
}

/**
 * Starts a relay.
 * @param options - `target` { host, port }; `host` and `port` to listen on (any free port of 127.0.0.1); `framing`, as in frames.mjs
 *   (`http2` for gRPC without TLS, `none` for what cannot be read); `seed` of what it draws; `latencyMs` that everything takes each way, faults or not
 */
export async function startRelay({ target, host = '127.0.0.1', port = 0, framing = 'none', seed = 1, latencyMs = 0 }) {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  server.listen(port, host);
  await once(server, 'listening');
  return new Relay(server, { target, framing, seed, latencyMs });
}
