import { once } from 'node:events';
import { setInterval as every } from 'node:timers/promises';
import { LangevinError } from '@langevin/contracts';
import { serverStreamHandler } from '@langevin/rpc';
import type { PartPiece, PullPartRequest__Output, RawReply, ServiceHandlers } from '@langevin/rpc';
import { ContentTable } from '../content-table.js';
import { transferService } from '../transfer-service.js';
import { blockBytes } from './block-grid.js';
import type { Identity } from './greeting.js';
import { RawPiece } from './raw-piece.js';
import { Serving } from './serving.js';
import type { Shelf } from './shelf.js';
import { pingMs } from './silence.js';

type PullPartCall = Parameters<Parameters<typeof serverStreamHandler<PullPartRequest__Output, PartPiece | RawReply>>[0]>[0];

/** Serves the parts of the shelf over gRPC. */
export function partService(shelf: Shelf, identity: () => Identity): ServiceHandlers['Transfer'] {
  return {
    ...transferService(new ContentTable()),
    PullPart: serverStreamHandler<PullPartRequest__Output, PartPiece | RawReply>(async (call) => {
      const { cluster, term, part } = call.request;
      const own = identity();
      if (cluster !== own.cluster) throw new LangevinError('access_denied', `this is cluster ${own.cluster}, not ${cluster}`);
      if (Number(term) !== own.term) throw new LangevinError('access_denied', `${own.self.name} follows the coordinator of term ${own.term}, not of term ${term}`);
      const cancelled = once(call, 'cancelled');
      if (part === '') await beat(call);
      else await Promise.race([cancelled, serve(call, shelf)]);
    }),
  };
}

/** Signs of life until the caller goes. */
async function beat(call: PullPartCall): Promise<void> {
  call.write({});
  for await (const _ of every(pingMs, undefined, { ref: false })) {
    if (call.cancelled) return;
    call.write({});
  }
}

/** Sends what is asked for; ends only by a failure, or by the caller, who cancels. */
function serve(call: PullPartCall, shelf: Shelf): Promise<never> {
  const [offset, length] = [Number(call.request.offset), Number(call.request.length)];
  return new Promise((_, reject) => {
    const serving = new Serving(
      shelf,
      {
        byReference: false,
        pieceBytes: blockBytes,
        send: ({ part, offset: from, end, sent, keep }) => {
          const piece = part.piece(from, end);
          let isInUse = true;
          const unused = (): void => {
            if (isInUse) piece.sent?.();
            isInUse = false;
          };
          // A cancelled call never calls back for what was written.
          keep(unused);
          call.write(new RawPiece(piece, from), () => {
            unused();
            sent();
          });
        },
        fail: (_id, error) => reject(error),
      },
      { id: 0, name: call.request.part, offset, end: offset + length },
    );
    call.once('cancelled', () => serving.stop());
  });
}
