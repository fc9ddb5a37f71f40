import type { ClientDuplexStream, ClientReadableStream } from '@grpc/grpc-js';
import { fromServiceError } from './status.js';
import type { Peer } from './status.js';

/**
 * The messages of a stream, in order. Throws the peer's LangevinError when the stream fails; leaving the loop early
 * cancels the call.
 */
export async function* receive<Reply>(
  stream: ClientReadableStream<Reply> | ClientDuplexStream<never, Reply>,
  peer: Peer,
): AsyncGenerator<Reply, void, undefined> {
  // A cancelled call reports its end as an error once more, after the loop has gone.
  stream.on('error', ignoreAfterTheLoop);
  let ended = false;
  try {
    // Object streams of grpc-js are typed as byte streams when iterated.
    for await (const message of stream as AsyncIterable<Reply>) yield message;
    ended = true;
  } catch (thrown) {
    ended = true;
    throw fromServiceError(thrown, peer);
  } finally {
    if (!ended) stream.cancel();
  }
}

function ignoreAfterTheLoop(): void {}
