import { crc32 } from 'node:zlib';
import { LangevinError } from '@langevin/contracts';
import type { Pull, PullRequest } from './pull-sink.js';

/** Fills `into` with the bytes of a part from the offset on. Rejects with what the peer says when it has none. */
export function pullRaw(pull: (request: PullRequest) => Pull, name: string, offset: number, into: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = offset + into.byteLength;
    const running = pull({
      name,
      offset,
      end,
      sink: {
        target: (piece) => into.subarray(piece.offset - offset, piece.offset - offset + piece.length),
        sum: (target) => crc32(target),
        landed: (piece) => {
          if (piece.offset + piece.length < end) return;
          running.done();
          resolve();
        },
        referred: () => {
          throw new LangevinError('invalid_argument', 'raw bytes lie in no segment');
        },
        failed: reject,
      },
    });
  });
}
