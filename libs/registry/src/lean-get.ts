import { connect as connectPlainly, isIP, type Socket } from 'node:net';
import { connect as connectSafely } from 'node:tls';
import { S3Failure } from './s3-failure.js';

/** Pieces of an answer are this long, but for the last. */
const pieceBytes = 1 << 20;

/** Pieces that wait for the reader before the server is slowed down. */
const waitingPieces = 8;

/** More header than this is no answer of an S3 server. */
const headBytes = 64 * 1024;

/** Where, and how, something is fetched. */
export interface LeanRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  /** PEM certificates that are trusted, for https. @default Node's own */
  readonly certificates?: readonly string[];
  /** Silence in ms, while bytes are waited for, after which it has failed. */
  readonly quietMs: number;
}

/** An answer whose head has come. */
export interface LeanAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** The body, in order. To be read, or returned, once: it holds a connection. */
  readonly body: AsyncGenerator<Uint8Array>;
}

/**
 * GET over a connection of its own (HTTP/1.1, RFC 9112), for large bodies. The system puts the bytes straight into pieces of 1 MiB; `node:http`
 * brings them in pieces of 64 KiB through several streams, which costs four times the processor time.
 *
 * @returns `undefined` for an answer without Content-Length, which is for `node:http`
 * @throws S3Failure when the connection fails; also from `body`, then or when it ends too early
 */
export async function leanGet(request: LeanRequest): Promise<LeanAnswer | undefined> {
  const connection = new LeanConnection(request);
  try {
    const { status, headers } = await connection.head();
    const length = headers['content-length'];
    if (length !== undefined && headers['transfer-encoding'] === undefined) return { status, headers, body: connection.body(Number(length)) };
  } catch (thrown) {
    connection.close();
    throw thrown;
  }
  connection.close();
  return undefined;
}

interface Head {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

class LeanConnection {
  readonly #socket: Socket;
  readonly #quietMs: number;
  #head: Head | undefined;
  /** Whole pieces, read and not yet taken. */
  readonly #pieces: Uint8Array[] = [];
  /** The one that is being filled. */
  #piece = Buffer.allocUnsafeSlow(pieceBytes);
  #filled = 0;
  #isPaused = false;
  #failure: S3Failure | undefined;
  #wake: () => void = () => undefined;

  constructor({ url, headers, certificates, quietMs }: LeanRequest) {
    this.#quietMs = quietMs;
    this.#socket = this.#connect(url, certificates);
    this.#socket.on('error', (error) => this.#fail(S3Failure.from(error)));
    this.#socket.on('close', () => this.#fail(new S3Failure(0, 'ECONNRESET', 'the connection ended before the answer did')));
    this.#socket.on('timeout', () => this.#fail(new S3Failure(0, 'ETIMEDOUT', `no byte came for ${quietMs} ms`)));
    this.#socket.setTimeout(quietMs);
    const lines = Object.entries({ host: url.host, ...headers, connection: 'close' }).map(([name, value]) => `${name}: ${value}\r\n`);
    this.#socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`);
  }

  #connect(url: URL, certificates: readonly string[] | undefined): Socket {
    const secure = url.protocol === 'https:';
    const host = url.hostname.replace(/^\[|\]$/g, '');
    // Each read goes where the last one ended. The socket asks for the place right after it has told of a read.
    const onread = { buffer: () => this.#piece.subarray(this.#filled), callback: (bytes: number) => this.#take(bytes) };
    const address = { host, port: Number(url.port || (secure ? 443 : 80)), onread };
    if (!secure) return connectPlainly(address);
    return connectSafely({ ...address, ...(isIP(host) === 0 ? { servername: host } : {}), ...(certificates === undefined ? {} : { ca: [...certificates] }) });
  }

  async head(): Promise<Head> {
    while (this.#head === undefined) {
      const failure = await this.#more();
      if (failure) throw failure;
    }
    return this.#head;
  }

  async *body(length: number): AsyncGenerator<Uint8Array> {
    try {
      for (let left = length; left > 0; ) {
        while (this.#pieces.length === 0 && this.#filled < left) {
          const failure = await this.#more();
          if (failure === undefined) continue;
          // What has come is not to be fetched again.
          if (this.#filled > 0) yield this.#piece.subarray(0, this.#filled);
          throw failure;
        }
        // Less than a piece is the end: nothing is read into it any more.
        const piece = this.#pieces.shift() ?? this.#piece.subarray(0, left);
        left -= piece.byteLength;
        yield piece;
      }
    } finally {
      this.close();
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  /** Called by the socket for each read. False pauses it. */
  #take(bytes: number): boolean {
    this.#filled += bytes;
    this.#head ??= this.#takeHead();
    if (this.#filled === pieceBytes) {
      this.#pieces.push(this.#piece);
      this.#piece = Buffer.allocUnsafeSlow(pieceBytes);
      this.#filled = 0;
    }
    this.#isPaused = this.#pieces.length >= waitingPieces;
    // A reader that pauses is no reason to hang up: only waiting for the server counts.
    if (this.#isPaused) this.#socket.setTimeout(0);
    this.#wake();
    return !this.#isPaused;
  }

  /** Cuts the head off what has come, when all of it has. */
  #takeHead(): Head | undefined {
    const text = this.#piece.toString('latin1', 0, Math.min(this.#filled, headBytes));
    const end = text.indexOf('\r\n\r\n');
    if (end < 0) {
      if (this.#filled >= headBytes) this.#fail(new S3Failure(0, '', 'the answer is not one of an S3 server'));
      return undefined;
    }
    this.#piece.copyWithin(0, end + 4, this.#filled);
    this.#filled -= end + 4;
    const [first = '', ...lines] = text.slice(0, end).split('\r\n');
    return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1] ?? 0), headers: Object.fromEntries(lines.map(nameAndValue)) };
  }

  /** Waits for the next read; gives the failure if there will be none. */
  async #more(): Promise<S3Failure | undefined> {
    if (this.#failure) return this.#failure;
    const read = new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#isPaused) {
      this.#isPaused = false;
      this.#socket.setTimeout(this.#quietMs);
      this.#socket.resume();
    }
    await read;
    return undefined;
  }

  #fail(failure: S3Failure): void {
    this.#failure ??= failure;
    this.#socket.destroy();
    this.#wake();
  }
}

function nameAndValue(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
}
