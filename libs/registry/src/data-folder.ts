import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LangevinError } from '@langevin/contracts';

/** Where a coordinator can be reached, and who it is. */
export interface CoordinatorAddress {
  readonly address: string;
  readonly pid: number;
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

  /** The token that every call must bring; made at the first start, readable by the owner only. */
  token(): string {
    const file = join(this.path, 'token');
    const draft = `${file}.${process.pid}`;
    if (!existsSync(file)) {
      writeFileSync(draft, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
      try {
        linkSync(draft, file);
      } catch {
        // Another process made it first: its token is the cluster's.
      }
      rmSync(draft, { force: true });
      chmodSync(file, 0o600);
    }
    return readFileSync(file, 'utf8').trim();
  }

  /** The coordinator that runs on this folder now, or null. */
  coordinator(): CoordinatorAddress | null {
    const text = existsSync(this.#addressFile) ? readFileSync(this.#addressFile, 'utf8') : '';
    if (text === '') return null;
    const parsed = JSON.parse(text) as CoordinatorAddress; // Written by announce() below, atomically.
    return isAlive(parsed.pid) ? parsed : null;
  }

  /** @throws LangevinError `address_in_use` naming the live coordinator that works on this folder already */
  refuseSecondCoordinator(): void {
    const other = this.coordinator();
    if (other && other.pid !== process.pid) {
      throw new LangevinError(
        'address_in_use',
        `${this.path} already has a coordinator at ${other.address} (process ${other.pid}): use it, stop it, or choose another --data-dir`,
      );
    }
  }

  /**
   * Says that this process coordinates the folder, until the returned function is called.
   * @throws LangevinError `address_in_use` naming the live coordinator that already does
   */
  announce(address: string): () => void {
    this.refuseSecondCoordinator();
    rmSync(this.#addressFile, { force: true });
    const draft = `${this.#addressFile}.${process.pid}`;
    writeFileSync(draft, JSON.stringify({ address, pid: process.pid }));
    linkSync(draft, this.#addressFile);
    rmSync(draft);
    return () => rmSync(this.#addressFile, { force: true });
  }

  get #addressFile(): string {
    return join(this.path, 'coordinator.json');
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
