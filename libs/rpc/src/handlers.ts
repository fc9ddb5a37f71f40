import type {
  handleBidiStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  ServerDuplexStream,
  ServerUnaryCall,
  ServerWritableStream,
} from '@grpc/grpc-js';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LangevinError } from '@langevin/contracts';
import { toStatus } from './status.js';

/** A unary handler from an async function: what it throws becomes the status of the call. */
export function unaryHandler<Request, Reply>(
  answer: (request: Request, call: ServerUnaryCall<Request, Reply>) => Reply | Promise<Reply>,
): handleUnaryCall<Request, Reply> {
  return (call, callback) => {
    void (async () => answer(call.request, call))().then(
      (reply) => callback(null, reply),
      (thrown: unknown) => callback(toStatus(thrown)),
    );
  };
}

/** A server-streaming handler from an async function: the stream ends when it returns, or with the status of what it throws. */
export function serverStreamHandler<Request, Reply>(
  stream: (call: ServerWritableStream<Request, Reply>) => Promise<void>,
): handleServerStreamingCall<Request, Reply> {
  return (call) => endWith(call, stream(call));
}

/** A bidirectional handler from an async function: the stream ends when it returns, or with the status of what it throws. */
export function duplexHandler<Request, Reply>(
  stream: (call: ServerDuplexStream<Request, Reply>) => Promise<void>,
): handleBidiStreamingCall<Request, Reply> {
  return (call) => endWith(call, stream(call));
}

/**
 * The messages of a bidirectional call, in order, until the caller has sent its last; the call can still be written to
 * afterwards (iterating the call itself would close it). Throws `cancelled` when the caller goes away.
 */
export async function* requests<Request, Reply>(call: ServerDuplexStream<Request, Reply>): AsyncGenerator<Request, void, undefined> {
  // Object streams of grpc-js are typed as byte streams when iterated.
  yield* call.iterator({ destroyOnReturn: false }) as AsyncIterable<Request>;
  // A cut connection ends the stream like a caller who has finished; that it was cut is known one turn later.
  await nextTurn();
  if (call.cancelled) throw new LangevinError('cancelled', `the caller at ${call.getPeer()} went away`);
}

function endWith<Request, Reply>(
  call: ServerWritableStream<Request, Reply> | ServerDuplexStream<Request, Reply>,
  finished: Promise<void>,
): void {
  void finished.then(
    () => call.end(),
    // grpc-js ends a stream with the status that its 'error' event carries.
    (thrown: unknown) => call.emit('error', toStatus(thrown)),
  );
}
