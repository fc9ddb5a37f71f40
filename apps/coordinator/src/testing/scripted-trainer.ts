import { connectTransfer, ContentTable, pull, transferService, type ContentRef } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import { connect, receive, startServer } from '@langevin/rpc';
import type { CoordinatorMessage__Output, Hello, ResultReady__Output, RpcClient, RunningServer, RunStep__Output, ServiceHandlers, StartJob__Output, TrainerMessage } from '@langevin/rpc';
import { treeSum } from './leaf-values.js';

type Kind = NonNullable<CoordinatorMessage__Output['body']>;
type Attach = ReturnType<RpcClient<'Cluster'>['attach']>;

/** What a trainer says first, and how it lets others pull. */
export interface ScriptedHello extends Required<Pick<Hello, 'name' | 'version'>> {
  readonly numerics: Readonly<Record<string, string>>;
  readonly pullAddress?: string;
  /** Replaces its Transfer service. */
  readonly serve?: (table: ContentTable) => ServiceHandlers['Transfer'];
}

/** A trainer that a spec plays message by message, over real connections. It computes nothing. */
export class ScriptedTrainer implements AsyncDisposable {
  readonly name: string;
  /** What others can pull from it. */
  readonly table: ContentTable;
  /** Settles when its stream has ended: with the error of the coordinator, or null when that closed it calmly. */
  readonly ended: Promise<LangevinError | null>;
  readonly #server: RunningServer;
  readonly #cluster: RpcClient<'Cluster'>;
  readonly #transfer: RpcClient<'Transfer'>;
  readonly #stream: Attach;
  readonly #arrived: CoordinatorMessage__Output[] = [];
  #wake: () => void = () => undefined;
  #hasEnded = false;

  private constructor(name: string, table: ContentTable, server: RunningServer, coordinator: string, token: string) {
    this.name = name;
    this.table = table;
    this.#server = server;
    this.#cluster = connect(coordinator, token, 'Cluster');
    this.#transfer = connectTransfer(coordinator, token, { peers: 1 });
    this.#stream = this.#cluster.attach();
    this.ended = this.#listen();
  }

  /** Opens the stream and says hello. */
  static async attach(coordinator: string, token: string, hello: ScriptedHello): Promise<ScriptedTrainer> {
    const table = new ContentTable();
    const server = await startServer({ port: 0, token, services: { Transfer: (hello.serve ?? transferService)(table) }, closeLimitMs: 100 });
    const trainer = new ScriptedTrainer(hello.name, table, server, coordinator, token);
    const { name, version, numerics, pullAddress = server.address } = hello;
    trainer.send({ hello: { name, version, numerics, pullAddress, incarnation: `${name}-1` } });
    return trainer;
  }

  send(message: TrainerMessage): void {
    this.#stream.write(message);
  }

  /** The next message, which must be of this kind. */
  async next<K extends Kind>(kind: K): Promise<NonNullable<CoordinatorMessage__Output[K]>> {
    const message = await this.nextOfAny();
    const body = message[kind];
    if (!body) throw new Error(`${this.name} waited for ${kind}, but got ${JSON.stringify(message)}`);
    return body;
  }

  /** The next message, whatever it is. */
  async nextOfAny(): Promise<CoordinatorMessage__Output> {
    for (;;) {
      const message = this.#arrived.shift();
      if (message) return message;
      if (this.#hasEnded) throw new Error(`${this.name} waited for a message, but its stream ended: ${(await this.ended)?.message ?? 'calmly'}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Takes part in a job up to its first step. */
  async start(numerics: Readonly<Record<string, string>> = { cpu: 'scripted', canary: 'c' }): Promise<StartJob__Output> {
    const start = await this.next('startJob');
    this.send({ ready: { job: start.job, numerics: { ...numerics } } });
    return start;
  }

  /** Publishes the sums of every subtree that it owns; each leaf weighs `weight` and has a loss of `weight`. */
  publish({ job, step, generation, subtrees }: RunStep__Output, leafOf: (leaf: number) => Float32Array, weight = 1): void {
    for (const subtree of subtrees) {
      const content = this.hold(treeSum(subtree.first, subtree.leaves, leafOf));
      this.send({ partialReady: { job, step, generation, subtree, content, weightSum: weight * subtree.leaves, lossSum: weight * subtree.leaves } });
    }
  }

  /** Pulls the result of a step and says that it holds it. */
  async prepare(result: ResultReady__Output): Promise<Float32Array> {
    const { job, step, content } = result;
    const bytes = await pull(this.#transfer, content?.digest ?? '', { size: Number(content?.size) });
    this.send({ prepared: { job, step, resultDigest: content?.digest ?? '' } });
    return new Float32Array(bytes.slice().buffer);
  }

  /** One whole step up to its commit; returns the gradient to apply. */
  async step(leafOf: (leaf: number) => Float32Array): Promise<Float32Array> {
    this.publish(await this.next('runStep'), leafOf);
    const gradient = await this.prepare(await this.next('resultReady'));
    await this.next('commit');
    return gradient;
  }

  /** Answers TakeState with files that hold these texts. */
  async report(texts: Readonly<Record<string, string>>): Promise<void> {
    const { job, step } = await this.next('takeState');
    const files = Object.entries(texts).map(([role, text]) => ({ role, content: this.table.put(Buffer.from(text)) }));
    this.send({ stateReady: { job, step, files } });
  }

  /** Lets others pull a vector. */
  hold(vector: Float32Array): ContentRef {
    return this.table.put(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength));
  }

  /** Says that it has nothing more to say. */
  close(): void {
    this.#stream.end();
  }

  /** Is gone without a word. */
  vanish(): void {
    this.#stream.cancel();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.cancel();
    this.#cluster.close();
    this.#transfer.close();
    await this.#server.close();
  }

  async #listen(): Promise<LangevinError | null> {
    try {
      for await (const message of receive(this.#stream, this.#cluster.peer)) {
        this.#arrived.push(message);
        this.#wake();
      }
      return null;
    } catch (thrown) {
      return LangevinError.from(thrown);
    } finally {
      this.#hasEnded = true;
      this.#wake();
    }
  }
}
