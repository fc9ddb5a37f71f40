import { randomUUID } from 'node:crypto';
import { CoordinatorLease, LogShipper, ownProcess, readShipped, sleepAwareClock, type Lease } from '@langevin/coordinator-log';
import { LangevinError } from '@langevin/contracts';
import type { ObjectStore } from '@langevin/registry';
import { JobJournal, replayed, type Journalled } from './job-journal.js';

/** With what a coordinator claims a store. */
export interface AuthorityOptions {
  readonly store: ObjectStore;
  /** Folder of the journal. */
  readonly folder: string;
  /** Identity of the data folder, for ever. */
  readonly folderId: string;
  /** What people call this coordinator. */
  readonly name: string;
  /** Takes the place of a coordinator that does not renew its lease. */
  readonly takeover: boolean;
  readonly log: (line: string) => void;
}

/** The right to coordinate a store, and what earlier coordinators have left. */
export interface Authority extends AsyncDisposable {
  /** Grows at each taking: whoever has seen a higher one does not listen to this coordinator. */
  readonly term: number;
  readonly journal: JobJournal;
  readonly found: Journalled;
  /** Aborted when another has taken the lease; the reason names it. */
  readonly fenced: AbortSignal;
  /** Whether this coordinator may act now: false after its process, or machine, has slept. Then `confirm` first. */
  isAwake(): boolean;
  /** Asks the store whether the lease is still held. @throws LangevinError what the store throws: it is not known */
  confirm(): Promise<boolean>;
  /** Says where the coordinator can be reached. Never throws: who looks for it then finds it without an address. */
  announce(address: string): Promise<void>;
}

/** A store that does not answer is not waited for at the end: its lease runs out by itself. */
const releaseMs = 2000;

/**
 * Takes the lease of a store, and the journal: that of the data folder, or what another coordinator has shipped to the store
 * since.
 * @throws LangevinError `address_in_use` naming the live coordinator; as `JobJournal.open`
 */
export async function takeAuthority(options: AuthorityOptions): Promise<Authority> {
  const { store, folder, folderId, name, takeover, log } = options;
  const fence = new AbortController();
  const holder = { ...ownProcess(), name, address: '', incarnation: randomUUID(), folder: folderId };
  const lease = await CoordinatorLease.take({ store, holder, takeover, onFenced: (by) => fence.abort(fencedBy(by)) });
  try {
    const { term } = lease;
    const shipper = new LogShipper({ store, term });
    const { journal, found: own } = JobJournal.open(folder, log, shipper);
    const found = await newest(own, store, log);
    journal.begin(term, found);
    return {
      ...{ term, journal, found, fenced: fence.signal },
      isAwake: () => lease.standing(sleepAwareClock()) !== 'stale',
      confirm: () => lease.confirm(),
      announce: (address) => lease.announce(address).catch(() => undefined),
      [Symbol.asyncDispose]: async () => {
        await shipper.flush(AbortSignal.timeout(releaseMs)).catch(() => undefined); // The folder has it.
        shipper.stop();
        await journal[Symbol.asyncDispose]();
        await Promise.race([lease[Symbol.asyncDispose](), new Promise((resolve) => setTimeout(resolve, releaseMs).unref())]);
      },
    };
  } catch (error) {
    await lease[Symbol.asyncDispose]();
    throw error;
  }
}

/** What the folder holds, unless another coordinator has worked on the store since. */
async function newest(own: Journalled, store: ObjectStore, log: (line: string) => void): Promise<Journalled> {
  const shipped = await readShipped(store);
  shipped?.warnings.forEach(log);
  if (!shipped || shipped.term <= own.term) return own;
  const found = replayed([shipped.snapshot, ...shipped.records]);
  log(`goes on from what the coordinator of term ${shipped.term} has left in the store`);
  return found;
}

function fencedBy(by: Lease | null): LangevinError {
  const who = by ? `"${by.holder.name}"${by.holder.address === '' ? '' : ` at ${by.holder.address}`} (term ${by.term})` : 'another coordinator';
  return new LangevinError('unavailable', `${who} has taken over: this coordinator stops, its trainers go on with that one`);
}
