import { createHash, randomUUID } from 'node:crypto';
import { ContentTable, transferService } from '@langevin/collectives';
import { LangevinError } from '@langevin/contracts';
import { connect, receive, startServer } from '@langevin/rpc';
import type { CoordinatorMessage__Output, Hello, Member__Output, Plan__Output, Prepared, RpcClient, RunningServer, RunStep__Output, ServiceHandlers, StartJob__Output, Subtree__Output, TrainerMessage } from '@langevin/rpc';

type Kind = NonNullable<CoordinatorMessage__Output['body']>;
type Attach = ReturnType<RpcClient<'Cluster'>['attach']>;

/** What a trainer says first, and how it lets others pull. */
export interface ScriptedHello extends Required<Pick<Hello, 'name' | 'version'>>, Pick<Hello, 'holds' | 'cluster' | 'term' | 'exchange'> {
  readonly numerics: Readonly<Record<string, string>>;
  readonly pullAddress?: string;
  /** @default one of its own: a process that has just started */
  readonly incarnation?: string;
  /** Replaces its Transfer service. */
  readonly serve?: (table: ContentTable) => ServiceHandlers['Transfer'];
}

/** A step as a trainer is told to take part in it, whether the plan came with it or before. */
export interface ScriptedRun {
  readonly job: string;
  readonly step: number;
  readonly generation: number;
  readonly learningRate: number;
  readonly chain: string;
  readonly plan: Plan__Output;
  /** The plan came with the step: it is a new one. */
  readonly isNewPlan: boolean;
  /** Who takes part in the exchange. */
  readonly members: readonly Member__Output[];
  /** What this trainer is to compute. */
  readonly subtrees: readonly Subtree__Output[];
}

/** The digest that everybody has after a step, unless a spec wants it otherwise. */
export function digestAfter(chain: string, step: number): string {
  return createHash('sha256').update(`${chain} ${step}`).digest('hex');
}

/** A trainer that a spec plays message by message, over real connections. It computes nothing. */
export class ScriptedTrainer implements AsyncDisposable {
  readonly name: string;
  readonly incarnation: string;
  /** What others can pull from it. */
  readonly table: ContentTable;
  /** Settles when its stream has ended: with the error of the coordinator, or null when that closed it calmly. */
  readonly ended: Promise<LangevinError | null>;
  /** Given by the coordinator; empty before the welcome. */
  id = '';
  readonly #server: RunningServer;
  readonly #cluster: RpcClient<'Cluster'>;
  readonly #stream: Attach;
  readonly #arrived: CoordinatorMessage__Output[] = [];
  #members: Member__Output[] = [];
  #plan: Plan__Output | null = null;
  #wake: () => void = () => undefined;
  #hasEnded = false;

  private constructor({ name, incarnation = randomUUID() }: ScriptedHello, table: ContentTable, server: RunningServer, coordinator: string, token: string) {
    this.name = name;
    this.incarnation = incarnation;
    this.table = table;
    this.#server = server;
    this.#cluster = connect(coordinator, token, 'Cluster');
    this.#stream = this.#cluster.attach();
    this.ended = this.#listen();
  }

  /** Opens the stream and says hello. */
  static async attach(coordinator: string, token: string, hello: ScriptedHello): Promise<ScriptedTrainer> {
    const table = new ContentTable();
    const server = await startServer({ port: 0, token, services: { Transfer: (hello.serve ?? transferService)(table) }, closeLimitMs: 100 });
    const trainer = new ScriptedTrainer(hello, table, server, coordinator, token);
    const { serve: _serve, pullAddress = server.address, ...said } = hello;
    trainer.send({ hello: { ...said, pullAddress, incarnation: trainer.incarnation } });
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
      if (message) return this.#note(message);
      if (this.#hasEnded) throw new Error(`${this.name} waited for a message, but its stream ended: ${(await this.ended)?.message ?? 'calmly'}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** The next message of this kind; those of other kinds before it are passed over. */
  async until<K extends Kind>(kind: K): Promise<NonNullable<CoordinatorMessage__Output[K]>> {
    for (;;) {
      const body = (await this.nextOfAny())[kind];
      if (body) return body;
    }
  }

  /** Takes part in a job up to its first step. */
  async start(numerics: Readonly<Record<string, string>> = { cpu: 'scripted', canary: 'c' }): Promise<StartJob__Output> {
    const start = await this.next('startJob');
    this.send({ ready: { job: start.job, numerics: { ...numerics } } });
    return start;
  }

  /** The next message must order a step; who takes part in it may be told before. */
  async run(): Promise<ScriptedRun> {
    let message = await this.nextOfAny();
    while (message.members) message = await this.nextOfAny();
    if (!message.runStep) throw new Error(`${this.name} waited for a step, but got ${JSON.stringify(message)}`);
    return this.#runOf(message.runStep);
  }

  /** Says that it holds the result of a step. @returns its digest */
  prepare({ job, step, chain }: Pick<ScriptedRun, 'job' | 'step' | 'chain'>, change: Prepared = {}): string {
    const prepared = { job, step, digest: digestAfter(chain, step), loss: 1, norm: 1, finite: true, leafMs: 1, ...change };
    this.send({ prepared });
    return prepared.digest;
  }

  /** One whole step up to its commit. @returns the digest of its result */
  async step(): Promise<string> {
    const digest = this.prepare(await this.run());
    const { digest: committed } = await this.next('commit');
    if (committed !== digest) throw new Error(`${this.name} prepared ${digest}, but was told to commit ${committed}`);
    return digest;
  }

  /** Answers TakeState with files that hold these texts. */
  async report(texts: Readonly<Record<string, string>>): Promise<void> {
    const { job, step } = await this.next('takeState');
    const files = Object.entries(texts).map(([role, text]) => ({ role, content: this.table.put(Buffer.from(text)) }));
    this.send({ stateReady: { job, step, files } });
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
    await this.#server.close();
  }

  #note(message: CoordinatorMessage__Output): CoordinatorMessage__Output {
    if (message.welcome) this.id = message.welcome.trainerId;
    if (message.members) this.#members = message.members.members;
    return message;
  }

  #runOf({ job, step, generation, learningRate, chain, plan }: RunStep__Output): ScriptedRun {
    this.#plan = plan ?? this.#plan;
    if (!this.#plan) throw new Error(`${this.name} was told to run step ${step} without ever having got a plan`);
    const subtrees = this.#plan.shares.find(({ owner }) => owner === this.id)?.subtrees ?? [];
    return { job, step: Number(step), generation: Number(generation), learningRate, chain, plan: this.#plan, isNewPlan: plan !== null, members: this.#members, subtrees };
  }

  async #listen(): Promise<LangevinError | null> {
    try {
      for await (const message of receive(this.#stream, this.#cluster.peer)) {
        // That the coordinator is there goes without saying.
        if (message.beat) continue;
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
