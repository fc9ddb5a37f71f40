import { connect, constants, type ClientHttp2Session } from 'node:http2';

/** Codes of gRPC: https://grpc.io/docs/guides/status-codes/. */
export const grpcStatus = {
  ok: 0,
  cancelled: 1,
  invalidArgument: 3,
  notFound: 5,
  permissionDenied: 7,
  resourceExhausted: 8,
  failedPrecondition: 9,
  unimplemented: 12,
  internal: 13,
  unavailable: 14,
  unauthenticated: 16,
} as const;

/** What a raw call says besides its bytes. */
export interface RawCallOptions {
  /** Null for none. */
  readonly token: string | null;
  /** Whether the caller says that it has said everything; one that does not goes after 50 ms. @default true */
  readonly ends?: boolean;
}

/** A message as gRPC frames it: not compressed, its length, its bytes. */
export function framed(body: Uint8Array, length = body.byteLength): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(length, 1);
  return Buffer.concat([head, body]);
}

/** Calls a gRPC server with any bytes, as no client would. */
export class RawGrpc implements Disposable {
  readonly #session: ClientHttp2Session;

  /** @param address host:port, without TLS */
  constructor(address: string) {
    this.#session = connect(`http://${address}`);
  }

  /**
   * What a call ends with: its gRPC status, or null when the stream was cut without one.
   * @param method package.Service/Method
   */
  call(method: string, body: Uint8Array, { token, ends = true }: RawCallOptions): Promise<number | null> {
    return new Promise((resolve) => {
      const stream = this.#session.request({
        [constants.HTTP2_HEADER_METHOD]: 'POST',
        [constants.HTTP2_HEADER_PATH]: `/${method}`,
        'content-type': 'application/grpc',
        te: 'trailers',
        ...(token !== null && { authorization: `Bearer ${token}` }),
      });
      let code: number | null = null;
      const note = (headers: Record<string, unknown>): void => {
        if (headers['grpc-status'] !== undefined) code = Number(headers['grpc-status']);
      };
      stream.on('response', note);
      stream.on('trailers', note);
      stream.on('error', () => undefined);
      stream.on('close', () => resolve(code));
      stream.resume();
      stream.write(body);
      if (ends) stream.end();
      else setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), 50);
    });
  }

  [Symbol.dispose](): void {
    this.#session.destroy();
  }
}
