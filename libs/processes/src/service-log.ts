import { closeSync, openSync, writeSync } from 'node:fs';
import { LangevinError } from '@langevin/contracts';

/** The log file of a service. */
export interface ServiceLog {
  /** Appends to the file. What does not fit on a full disk is lost: the service goes on. */
  write(piece: string | Uint8Array): void;
  close(): void;
}

/**
 * Opens a log to append to.
 * @throws LangevinError `storage_failed` when the file cannot be opened
 */
export function openServiceLog(path: string): ServiceLog {
  const file = open(path);
  let isOpen = true;
  return {
    write: (piece) => {
      if (!isOpen) return;
      try {
        writeSync(file, typeof piece === 'string' ? Buffer.from(piece) : piece);
      } catch {
        // A full disk: the next line may find room again. Waiting for it would stop the service, whose pipe fills up.
      }
    },
    close: () => {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}

function open(path: string): number {
  try {
    return openSync(path, 'a');
  } catch (cause) {
    const { message } = LangevinError.from(cause);
    throw new LangevinError('storage_failed', `cannot open the log ${path}: ${message}; give this user permission to write there, or choose another data directory`, { cause });
  }
}
