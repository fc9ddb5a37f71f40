import { setTimeout } from 'node:timers/promises';
import { LangevinError } from '@langevin/contracts';
import type { ObjectStore, RegisterEntry } from '@langevin/registry';
import { LeaseBeat, type Beat } from './lease-beat.js';
import { holderText, type LeaseHolder, type LeaseTaking } from './lease-record.js';
import { fateOf } from './process-mark.js';

/** Periods after its last renewal for which a holder is certain of its lease. */
export const certainPeriods = 3;

/** Periods without a renewal after which an observer takes a holder for silent: longer than it is certain of itself, whatever the two clocks differ by. */
const silentPeriods = 3.5;

const looksPerPeriod = 8;

/** What a judgement needs. */
export interface Judging {
  readonly store: ObjectStore;
  /** Who wants the lease. */
  readonly holder: LeaseHolder;
  readonly takeover: boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
}

/** Why a lease may be taken. `silent`: its holder did not renew while it was observed, and may be paused. */
export type Vacancy = { readonly why: 'released' | 'dead' } | { readonly why: 'silent'; readonly lastBeat: Beat | undefined };

/**
 * Whether the lease may be taken from its holder. It may when it was given back; when the holder was an earlier process of the same data folder that is known to have
 * ended; when it worked on the same data folder, cannot be seen from here (the machine, or the container, has been started anew), and does not renew; and, with `takeover`,
 * whenever it does not renew. No clock is compared with that of another machine: the beats of the holder are observed for 3.5 of its periods.
 *
 * @throws LangevinError `address_in_use` naming the holder, and what to do
 */
export async function judgeLease(judging: Judging, { generation, value }: RegisterEntry<LeaseTaking>): Promise<Vacancy> {
  const { store, holder, takeover } = judging;
  const first = await LeaseBeat.read(store, generation);
  if (first?.isReleased) return { why: 'released' };
  const isSameFolder = holder.folder === value.holder.folder;
  const fate = fateOf(value.holder);
  if (fate === 'dead' && (isSameFolder || takeover)) return { why: 'dead' };

  const last = fate === 'dead' ? first : await observe(judging, generation, value.periodMs, first);
  if (last?.isReleased) return { why: 'released' };
  const other = { ...value.holder, address: last?.address || value.holder.address };
  if (last?.text !== first?.text) {
    const more = takeover ? ' (--takeover takes the place only of one that does not renew)' : '';
    throw new LangevinError('address_in_use', `${store.location} already has a coordinator: ${holderText(other)}, which renews its lease; use it, or stop it first${more}`);
  }
  if (takeover || (isSameFolder && fate === 'unknown')) return { why: 'silent', lastBeat: last };
  const state = fate === 'dead' ? 'has ended without giving its lease back' : `has not renewed its lease for ${(silentPeriods * value.periodMs) / 1000} s`;
  throw new LangevinError('address_in_use', `${store.location} has a coordinator: ${holderText(other)}, which ${state}; start it again, or take its place with \`langevin up --takeover\``);
}

/** How long whoever took a lease waits when its holder turned out to have renewed meanwhile: until that one is not certain any more. */
export function graceMs(periodMs: number): number {
  return silentPeriods * periodMs;
}

/** The first beat that differs from `first`; `first` when none has come in the time after which a holder is silent. */
async function observe({ store, clock }: Judging, term: number, periodMs: number, first: Beat | undefined): Promise<Beat | undefined> {
  const end = clock() + silentPeriods * periodMs;
  while (clock() < end) {
    await setTimeout(periodMs / looksPerPeriod);
    const beat = await LeaseBeat.read(store, term);
    if (beat?.text !== first?.text) return beat;
  }
  return first;
}
