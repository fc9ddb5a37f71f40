import { LangevinError } from '@langevin/contracts';
import { Register, type ObjectStore, type RegisterValue } from '@langevin/registry';
import { LeaseBeat } from './lease-beat.js';
import type { ProcessMark } from './process-mark.js';

/** Who coordinates. */
export interface LeaseHolder extends ProcessMark {
  /** What people call it. */
  readonly name: string;
  /** host:port of its gRPC services; empty until it is known. */
  readonly address: string;
  /** Unique to one start of a coordinator, for ever. */
  readonly incarnation: string;
  /** Identity of its data folder, for ever: not its path, which two machines may both have. */
  readonly folder: string;
}

/** One taking of the lease: a value of its register, whose generation is the term. */
export interface LeaseTaking extends RegisterValue {
  readonly holder: LeaseHolder;
  /** Time in ms after which the holder renews. */
  readonly periodMs: number;
}

/** The lease of a store, as it was read. */
export interface Lease {
  /** 1 for the first, and one more at each taking. */
  readonly term: number;
  readonly holder: LeaseHolder;
  /** Whether the holder has given it back. */
  readonly isReleased: boolean;
}

const prefix = 'v1/coordinator/lease';

/** Key of the taking that begins a term: `Register` keeps generation 7 in the document `<prefix>/00000007.json`. */
export function takingKey(term: number): string {
  return `${prefix}/${String(term).padStart(8, '0')}.json`;
}

/** The takings of the lease of a store. */
export function takings(store: ObjectStore): Register<LeaseTaking> {
  return new Register(store, prefix, parseTaking);
}

/**
 * Who coordinates a store, or did last; `undefined` when nobody ever has. Says nothing about whether the holder is alive.
 * @throws LangevinError `object_corrupt` naming the damaged key; `storage_unavailable` …
 */
export async function readLease(store: ObjectStore): Promise<Lease | undefined> {
  const newest = await takings(store).read();
  if (!newest) return undefined;
  const { generation: term, value } = newest;
  const beat = await LeaseBeat.read(store, term);
  return { term, holder: { ...value.holder, address: beat?.address ?? value.holder.address }, isReleased: beat?.isReleased ?? false };
}

/** A holder for people. */
export function holderText({ name, address, host, pid }: LeaseHolder): string {
  return `"${name}"${address === '' ? '' : ` at ${address}`} (process ${pid} on ${host})`;
}

function parseTaking(value: unknown): LeaseTaking {
  const { writeId, holder, periodMs } = (value ?? {}) as Partial<LeaseTaking>; // Checked right below.
  const texts: (keyof LeaseHolder)[] = ['name', 'address', 'host', 'incarnation', 'folder', 'process'];
  const isHolder = typeof holder === 'object' && holder !== null && texts.every((key) => typeof holder[key] === 'string') && Number.isSafeInteger(holder.pid);
  if (isHolder && typeof writeId === 'string' && typeof periodMs === 'number' && periodMs > 0) return { writeId, holder, periodMs };
  throw new LangevinError('object_corrupt', `a document under ${prefix} names no coordinator: another version of Langevin, or another program, wrote it`);
}
