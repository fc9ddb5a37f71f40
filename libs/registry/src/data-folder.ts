import { randomBytes, randomUUID } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';
import { errnoOf } from './file-errors.js';

/** Where a coordinator can be reached, and who it is. */
export interface CoordinatorAddress {
  readonly address: string;
  readonly pid: number;
  /** When that process started, in the system's own count; empty where the system does not say. Process ids come again. */
  readonly started: string;
  /** Folder of the certificates that it speaks TLS with; without it, it does not. */
  readonly tls?: string;
  /** Where its HTTP API is, as `http://host:port`; without it, it has none. */
  readonly http?: string;
}

/** The folder that holds one cluster: its store, its token, and the address of its coordinator while it runs. */
export class DataFolder {
  readonly path: string;

  /** @throws LangevinError `storage_failed` when the folder cannot be made. */
  constructor(path: string) {
    this.path = path;
    try {
      mkdirSync(path, { recursive: true });
    } catch (cause) {
      throw new LangevinError('storage_failed', `cannot make the data folder ${path}: choose another with --data-dir`, { cause });
    }
  }

  get store(): string {
    return join(this.path, 'store');
  }

  get cache(): string {
    return join(this.path, 'cache');
  }

  /** Checkpoints that are copied from their trainer, on their way into the store. */
  get spool(): string {
    return join(this.path, 'spool');
  }

  /** Folder of what a coordinator must not forget. */
  get journal(): string {
    return join(this.path, 'journal');
  }

  /**
   * The token that every call must bring; made at the first start, readable by the owner only.
   * @throws LangevinError `storage_failed` when it cannot be written
   */
  token(): string {
    const file = join(this.path, 'token');
    const draft = `${file}.${process.pid}`;
    const found = readIfThere(file);
    if (found === null || isEmpty(found)) {
      // Only what was seen: where there was nothing, there may be another process's token by now.
      if (found !== null) removeIf(file, isEmpty);
      this.#write(draft, `${randomBytes(32).toString('base64url')}\n`);
      try {
        chmodSync(draft, 0o600);
        // If another process made it first, its token is the cluster's.
        linkIfFree(draft, file);
      } finally {
        rmSync(draft, { force: true });
      }
    }
    return readFileSync(file, 'utf8').trim();
  }

  /**
   * What tells this folder from every other, for ever; made at the first call.
   * @throws LangevinError `storage_failed` when it cannot be written
   */
  id(): string {
    const file = join(this.path, 'folder-id');
    const found = readIfThere(file);
    if (found !== null && !isEmpty(found)) return found.trim();
    this.#write(file, `${randomUUID()}\n`);
    return readFileSync(file, 'utf8').trim();
  }

  /**
   * The coordinator that runs on this folder now, or null.
   * @throws LangevinError `object_corrupt` when the file that names it is damaged
   */
  coordinator(): CoordinatorAddress | null {
    const text = readIfThere(this.#addressFile);
    if (text === null || isEmpty(text)) return null;
    const parsed = parseAddress(text, this.#addressFile);
    return isAlive(parsed) ? parsed : null;
  }

  /** @throws LangevinError `address_in_use` naming the live coordinator that works on this folder already */
  refuseSecondCoordinator(): void {
    const other = this.coordinator();
    if (other && isOfAnother(other)) {
      throw new LangevinError(
        'address_in_use',
        `${this.path} already has a coordinator at ${other.address} (process ${other.pid}): use it, stop it, or choose another --data-dir`,
      );
    }
  }

  /**
   * Says that this process coordinates the folder, until the returned function is called.
   * @param tls absolute path of the folder of its certificates, if it speaks TLS
   * @param http where its HTTP API is, if it has one
   * @throws LangevinError `address_in_use` naming the live coordinator that already does; `storage_failed`
   */
  announce(address: string, tls?: string, http?: string): () => void {
    const draft = `${this.#addressFile}.${process.pid}`;
    const more = { ...(tls !== undefined && { tls }), ...(http !== undefined && { http }) };
    const own = JSON.stringify({ address, pid: process.pid, started: startOf(process.pid) ?? '', ...more } satisfies CoordinatorAddress);
    this.#write(draft, own);
    try {
      // Whoever makes the file first coordinates; one that a dead process left is moved away, by one of those who want to.
      while (!linkIfFree(draft, this.#addressFile)) {
        this.refuseSecondCoordinator();
        removeIf(this.#addressFile, (text) => isEmpty(text) || !isOfAnother(parseAddress(text, this.#addressFile)));
      }
    } finally {
      rmSync(draft);
    }
    return () => {
      if (readIfThere(this.#addressFile) === own) rmSync(this.#addressFile, { force: true });
    };
  }

  #write(file: string, text: string): void {
    try {
      writeFileSync(file, text, { mode: 0o600 });
    } catch (cause) {
      const { message } = LangevinError.from(cause);
      throw new LangevinError('storage_failed', `cannot write to the data folder ${this.path}: ${message}; free it, or choose another with --data-dir`, { cause });
    }
  }

  get #addressFile(): string {
    return join(this.path, 'coordinator.json');
  }
}

/** False when the file is there already. */
function linkIfFree(draft: string, file: string): boolean {
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** A power cut may leave the name of a file without its content. */
function isEmpty(text: string): boolean {
  return text.trim() === '';
}

/**
 * Removes a file whose content nobody needs. It is moved before it is judged: another process may have put its own in its
 * place meanwhile, and gets it back.
 */
function removeIf(file: string, isUseless: (text: string) => boolean): void {
  const aside = `${file}.aside.${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return;
    throw error;
  }
  try {
    if (!isUseless(readFileSync(aside, 'utf8'))) linkIfFree(aside, file);
  } finally {
    rmSync(aside, { force: true });
  }
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null;
    throw error;
  }
}

function parseAddress(text: string, file: string): CoordinatorAddress {
  try {
    const { address, pid, started, tls, http } = JSON.parse(text) as Partial<CoordinatorAddress>; // Checked right below.
    const more = { ...(typeof tls === 'string' && { tls }), ...(typeof http === 'string' && { http }) };
    if (typeof address === 'string' && Number.isSafeInteger(pid) && (pid ?? 0) > 0) return { address, pid: pid ?? 0, started: started ?? '', ...more };
  } catch {
    // Not JSON: damaged as well.
  }
  throw new LangevinError('object_corrupt', `${file} is damaged: remove it when no coordinator runs on this folder`);
}

function isOfAnother(coordinator: CoordinatorAddress): boolean {
  return coordinator.pid !== process.pid && isAlive(coordinator);
}

function isAlive({ pid, started }: CoordinatorAddress): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (errnoOf(error) !== 'EPERM') return false;
  }
  const now = startOf(pid);
  return now !== null && (started === '' || now === '' || started === now);
}

/**
 * Start time of a process in clock ticks since boot, with the boot's id (proc(5)); empty where there is no /proc. Null for one that has ended
 * and keeps its number until its parent takes note, which in a container may never be.
 */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The second field may hold blanks and parentheses: count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? null : `${boot} ${fields[19] ?? ''}`;
  } catch {
    // Not Linux, or the process has just ended: the process id alone has to do.
    return '';
  }
}
