import type { Chunk, ExchangePlan, Share, Subtree } from '@langevin/cluster-core';
import type { LangevinError } from '@langevin/contracts';
import { createArena, VectorArena } from '../../vector-arena.js';
import { ExchangeEngine } from '../engine.js';
import type { ExchangeMember, ExchangeTransport } from '../exchange-member.js';
import type { ExchangeJob, ExchangeOptions } from '../exchange-options.js';
import { SegmentFile } from '../segment.js';

/** A process of the exchange, run in this one. */
export interface TestMember {
  readonly id: string;
  readonly engine: ExchangeEngine;
  readonly arena: VectorArena;
  readonly troubles: { readonly memberId: string; readonly problem: string; readonly code: LangevinError['code'] }[];
  readonly recovered: string[];
}

export interface TestOptions {
  readonly job: ExchangeJob;
  readonly transports?: readonly ExchangeTransport[];
  /** Whether arenas lie in files, as those of processes do. @default false */
  readonly isInPlace?: boolean;
  readonly options?: (index: number) => Partial<ExchangeOptions>;
}

export const testToken = 'token-of-the-test';

/** Members m0, m1, … in one process, each with its own links to the others. */
export class TestExchange implements AsyncDisposable {
  readonly members: TestMember[] = [];
  readonly #files: SegmentFile[] = [];
  readonly #options: TestOptions;

  private constructor(options: TestOptions) {
    this.#options = options;
  }

  static async start(count: number, options: TestOptions): Promise<TestExchange> {
    const exchange = new TestExchange(options);
    for (let index = 0; index < count; index++) exchange.members.push(await exchange.#startMember(index));
    exchange.meet();
    return exchange;
  }

  /** Tells everybody of everybody. */
  meet(members: readonly TestMember[] = this.members): void {
    for (const { engine } of members) engine.setMembers(members.map(describeMember));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.members.map(({ engine }) => engine[Symbol.asyncDispose]()));
    for (const { arena } of this.members) arena.leaveFile();
    for (const file of this.#files) file[Symbol.dispose]();
  }

  async #startMember(index: number): Promise<TestMember> {
    const { job, transports, options, isInPlace } = this.#options;
    const id = `m${index}`;
    const troubles: TestMember['troubles'] = [];
    const recovered: string[] = [];
    const engine = await ExchangeEngine.start(
      {
        cluster: 'test',
        term: 1,
        self: { id, name: `trainer ${id}`, incarnation: `${id}.1` },
        token: testToken,
        listen: { host: '127.0.0.1', port: 0 },
        ...(transports ? { transports } : {}),
        ...options?.(index),
      },
      {
        onTrouble: (memberId, problem, code) => void troubles.push({ memberId, problem, code }),
        onRecovered: (memberId) => void recovered.push(memberId),
      },
    );
    const file = isInPlace ? new SegmentFile() : null;
    if (file) this.#files.push(file);
    const arena = VectorArena.attach(createArena(job.elements, file && { fd: file.fd, file: file.file, nonce: file.nonce }));
    engine.openJob(job, arena.handle);
    return { id, engine, arena, troubles, recovered };
  }
}

export function describeMember({ id, engine }: TestMember): ExchangeMember {
  return { id, name: `trainer ${id}`, incarnation: `${id}.1`, ...engine.endpoints };
}

/** Cuts leaves and blocks among members as a cluster might: shares and chunks by turns, of any size. */
export function testPlan(generation: number, subtrees: readonly (readonly [string, Subtree])[], chunks: readonly Chunk[]): ExchangePlan {
  const ids = [...new Set(subtrees.map(([id]) => id))];
  const shares: Share[] = ids.map((trainerId) => ({ trainerId, subtrees: subtrees.filter(([id]) => id === trainerId).map(([, subtree]) => subtree) }));
  return { generation, shares, chunks };
}
