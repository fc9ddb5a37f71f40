import { LangevinError, canonicalJson } from '@langevin/contracts';
import { blobKey } from './layout.js';
import type { ObjectStore } from './object-store.js';
import { Register, type RegisterValue } from './register.js';
import { sha256Hex } from './sha256.js';

/** How a store is tried. */
export interface StoreTrial {
  /** Names what the trial writes; unique to it, of `a–z`, `0–9` and `-`. */
  readonly id: string;
  /** Writers that race at the same moment. @default 32 */
  readonly racers?: number;
  /** Races of each kind. @default 4 */
  readonly rounds?: number;
}

/** Who may use a store: any number of coordinators and publishers, a single one at a time, or nobody. */
export type StoreSafety = 'many' | 'one' | 'none';

/** What a trial found. */
export interface StoreExamination {
  readonly racers: number;
  readonly rounds: number;
  readonly safety: StoreSafety;
  /** What went wrong, race by race; empty when each had exactly one winner. */
  readonly problems: readonly string[];
}

/** All that a trial writes lies under this key. */
const trialPrefix = 'doctor';

/**
 * Tries whether a store keeps its word under pressure: conditional creates and swaps of a register, by many writers at once, must
 * have exactly one winner each, and what is stored must be the winner's. Everything else that Langevin writes rests on that.
 * Removes what it wrote.
 *
 * @throws LangevinError when the store cannot be reached or written at all
 */
export async function examineStore(store: ObjectStore, { id, racers = 32, rounds = 4 }: StoreTrial): Promise<StoreExamination> {
  const prefix = `${trialPrefix}/${id}`;
  const problems: string[] = [];
  try {
    const isConditional = await knowsCondition(store, `${prefix}/twice`);
    if (!isConditional) problems.push('a second conditional create of the same object was accepted, and replaced the first: the store ignores the condition');
    for (let round = 1; round <= rounds; round++) problems.push(...(await raceCreates(store, `${prefix}/create/${round}`, racers)));
    problems.push(...(await raceSwaps(store, prefix, racers, rounds)));
    return { racers, rounds, safety: !isConditional ? 'none' : problems.length > 0 ? 'one' : 'many', problems };
  } finally {
    await removeTrial(store, prefix, racers, rounds);
  }
}

async function knowsCondition(store: ObjectStore, key: string): Promise<boolean> {
  await store.put(key, encode('first'), { ifAbsent: true });
  await store.put(key, encode('second'), { ifAbsent: true });
  return decode(await store.get(key)) === 'first';
}

async function raceCreates(store: ObjectStore, key: string, racers: number): Promise<string[]> {
  const results = await Promise.all(numbers(racers).map((racer) => store.put(key, encode(`racer ${racer}`), { ifAbsent: true })));
  const stored = decode(await store.get(key));
  // Who is told "exists" after a lost answer finds his own bytes there, and has won.
  const winners = numbers(racers).filter((racer) => results[racer] === 'written' || stored === `racer ${racer}`);
  if (winners.length !== 1) return [`${key}: ${winners.length} of ${racers} writers that raced to create it were told that they had`];
  return stored === `racer ${winners[0]}` ? [] : [`${key}: racer ${winners[0]} was told that it had created it, and it holds what ${stored} wrote`];
}

async function raceSwaps(store: ObjectStore, prefix: string, racers: number, rounds: number): Promise<string[]> {
  const register = new Register(store, registerKey(prefix), (value) => value as RegisterValue); // Nothing but the trial writes there.
  const problems: string[] = [];
  for (let round = 1; round <= rounds; round++) {
    const where = `${registerKey(prefix)}, generation ${round}`;
    try {
      const results = await Promise.all(numbers(racers).map((racer) => register.swap(round - 1, swapValue(prefix, round, racer))));
      const winners = results.flatMap((result) => (result.status === 'swapped' ? [result.entry.value.writeId] : []));
      const newest = await register.read();
      if (winners.length !== 1) problems.push(`${where}: ${winners.length} of ${racers} writers that raced to swap it were told that they had`);
      else if (newest?.generation !== round || newest.value.writeId !== winners[0]) problems.push(`${where}: it does not hold what its only winner wrote`);
    } catch (thrown) {
      if (!(thrown instanceof LangevinError) || thrown.code !== 'object_corrupt') throw thrown;
      problems.push(`${where}: ${thrown.message}`);
    }
  }
  return problems;
}

async function removeTrial(store: ObjectStore, prefix: string, racers: number, rounds: number): Promise<void> {
  const documents = numbers(rounds).flatMap((round) => numbers(racers).map((racer) => swapValue(prefix, round + 1, racer)));
  const keys = documents.map((value) => blobKey(sha256Hex(canonicalJson(value))));
  for await (const { key } of store.list(`${prefix}/`)) keys.push(key);
  for (let at = 0; at < keys.length; at += racers) await Promise.all(keys.slice(at, at + racers).map((key) => store.remove(key)));
}

function registerKey(prefix: string): string {
  return `${prefix}/register`;
}

/** Unique to the trial: no document of anybody else has these bytes, so that its blob may be removed. */
function swapValue(prefix: string, round: number, racer: number): RegisterValue {
  return { writeId: `${prefix}/${round}/${racer}` };
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
