import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.mjs';
import { Guard } from './guard.mjs';
import { startRelay } from './relay.mjs';

const host = '127.0.0.1';
/** A process that is to be there is started again so long after its end, and again if it is refused: its predecessor may not be missed yet. */
const replaceAfterMs = 300;

/**
 * A real coordinator and real trainers on this machine. Each trainer reaches the coordinator through a relay of its own, and is reached
 * through two others: one for the exchange of gradients, one for what the coordinator fetches. Whoever ends is started again, unless `hold` keeps that back. Disposing it leaves no process behind.
 */
export class ChaosCluster {
  #options;
  #guard = new Guard();
  #tls;
  #port;
  #members = new Map();
  #coordinator = null;
  #isClosing = false;
  #restarts = new Set();

  constructor(options) {
    this.#options = options;
  }

  /**
   * @param options - `product`; `folder` for data and logs; `dataDir`; `ledger` folder or undefined; `trainers` names; `isTls`; `seed`;
   *   `transport`; `latencyMs` to and from the coordinator; `onEvent(event)` hears of `{ type: 'started' | 'exit', name, … }`
   */
  static async start(options) {
    const cluster = new ChaosCluster(options);
    try {
      await cluster.#begin();
      return cluster;
    } catch (error) {
      await cluster[Symbol.asyncDispose]();
      throw error;
    }
  }

  get names() {
    return [...this.#members.keys()];
  }

  /** host:port of the coordinator itself, no relay between. */
  get address() {
    return `${host}:${this.#port}`;
  }

  get tls() {
    return this.#tls;
  }

  /** Whether every process is there and ready. */
  get isWhole() {
    return [this.#coordinator, ...this.#members.values()].every((member) => member?.isReady);
  }

  isReady(name) {
    return this.#member(name).isReady;
  }

  /** The relays of a trainer on `control`, `data` (the exchange, and what the coordinator fetches) or `both`; of the coordinator those of every trainer. */
  relays(name, plane) {
    const members = name === 'coordinator' ? [...this.#members.values()] : [this.#member(name)];
    return members.flatMap(({ control, exchange, bulk }) => (plane === 'both' ? [control, exchange, bulk] : plane === 'control' ? [control] : [exchange, bulk]));
  }

  /** Sends a signal to a trainer or the coordinator. */
  signal(name, signal) {
    return this.#member(name).process?.signal(signal) ?? false;
  }

  /** Resolves when the process of now has ended. */
  async ended(name) {
    await this.#member(name).process?.ended;
  }

  /** Nobody of this name is started again, until the returned function is called. */
  hold(name) {
    const member = this.#member(name);
    member.isHeld = true;
    return () => {
      member.isHeld = false;
      if (member.process?.exit) void this.#restart(member);
    };
  }

  /** Another coordinator, which takes over: the trainers of these names reach it from now on. It is started with what `options` say on top. */
  async startSuccessor(options) {
    const { product, folder, ledger } = this.#options;
    const port = await freePort();
    const program = product.coordinator({ name: 'successor', host, ledger, tls: this.#tls, port, ...options });
    const started = this.#guard.start({ name: 'successor', ...program, log: join(folder, 'logs', 'successor.log') });
    await started.ready;
    return { address: `${host}:${port}`, move: (name) => this.#move(name, port), stop: () => started.signal('SIGTERM'), ended: started.ended };
  }

  #move(name, port) {
    const { control } = this.#member(name);
    control.retarget(host, port);
    control.set({ kind: 'reset' });
  }

  processes() {
    return this.#guard.processes();
  }

  /** SIGTERM to all, trainers first; SIGKILL to those that are there after `limitMs`. Resolves with the names of these. */
  async stop(limitMs = 15_000) {
    this.#isClosing = true;
    const stubborn = [];
    const stop = async (member) => {
      if (!member?.process || member.process.exit) return;
      member.process.signal('SIGCONT');
      member.process.signal('SIGTERM');
      const timer = setTimeout(() => {
        stubborn.push(member.name);
        member.process.signal('SIGKILL');
      }, limitMs);
      await member.process.ended;
      clearTimeout(timer);
    };
    await Promise.all([...this.#members.values()].map(stop));
    await stop(this.#coordinator);
    return stubborn;
  }

  async [Symbol.asyncDispose]() {
    this.#isClosing = true;
    await this.#guard[Symbol.asyncDispose]();
    await Promise.all([...this.#members.values()].flatMap(({ control, exchange, bulk }) => [control.close(), exchange.close(), bulk.close()]));
    await Promise.allSettled(this.#restarts);
  }

  #member(name) {
    const member = name === 'coordinator' ? this.#coordinator : this.#members.get(name);
    if (!member) throw new Error(`there is no ${name} in the cluster`);
    return member;
  }

  async #begin() {
    const { product, folder, trainers, isTls, transport, seed, latencyMs = 0 } = this.#options;
    mkdirSync(join(folder, 'logs'), { recursive: true });
    this.#tls = isTls ? await product.certificates(join(folder, 'tls'), [host]) : undefined;
    this.#port = await freePort();
    this.#coordinator = { name: 'coordinator', process: null, isReady: false, isHeld: false };
    await this.#launch(this.#coordinator);
    for (const [index, name] of trainers.entries()) {
      const [port, exchangePort] = [await freePort(), await freePort()];
      const relay = (plane, target) => startRelay({ target: { host, port: target }, framing: product.framing(plane, { isTls, transport }), seed: seed * 100 + index, latencyMs: plane === 'control' ? latencyMs : 0 });
      const relays = { control: await relay('control', this.#port), exchange: await relay('exchange', exchangePort), bulk: await relay('bulk', port) };
      this.#members.set(name, { name, port, exchangePort, ...relays, process: null, isReady: false, isHeld: false });
    }
    await Promise.all([...this.#members.values()].map((member) => this.#launch(member)));
  }

  async #launch(member) {
    const { product, folder, dataDir, ledger, transport, onEvent } = this.#options;
    const isCoordinator = member === this.#coordinator;
    const shared = { name: member.name, dataDir, host, ledger, tls: this.#tls };
    const program = isCoordinator
      ? await product.coordinator({ ...shared, port: this.#port })
      : await product.trainer({ ...shared, port: member.port, exchangePort: member.exchangePort, coordinator: member.control.address, advertise: member.bulk.address, exchangeAdvertise: member.exchange.address, transport });
    if (this.#isClosing) return;
    const started = this.#guard.start({ name: member.name, ...program, log: join(folder, 'logs', `${member.name}.log`) });
    member.process = started;
    void started.ended.then(({ code, signal }) => {
      const wasReady = member.isReady;
      member.isReady = false;
      onEvent?.({ type: 'exit', name: member.name, code, signal, wasReady, reason: started.reason });
      if (!this.#isClosing && !member.isHeld) void this.#restart(member);
    });
    await started.ready;
    member.isReady = started.exit === null;
    onEvent?.({ type: 'started', name: member.name });
  }

  async #restart(member) {
    const attempt = (async () => {
      await new Promise((resolve) => setTimeout(resolve, replaceAfterMs));
      // One that ends before it is ready is started again by its end.
      if (!this.#isClosing && !member.isHeld && member.process?.exit) await this.#launch(member).catch(() => undefined);
    })();
    this.#restarts.add(attempt);
    await attempt;
    this.#restarts.delete(attempt);
  }
}
