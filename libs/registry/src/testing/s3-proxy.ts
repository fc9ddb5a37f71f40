import { createServer, request, type IncomingMessage, type OutgoingHttpHeaders, type ServerResponse } from 'node:http';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A request that passes through a proxy. */
export interface ProxiedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** Changes are passed on. */
  readonly headers: OutgoingHttpHeaders;
}

/**
 * What becomes of a request: it passes; `loseAnswer`, the server does it, and the connection ends before the answer comes; `reset`, the
 * connection ends before the server has seen it; `busy`, the answer is "slow down"; `stall`, there is never an answer; `cut`, the answer ends
 * after so many bytes of its body; `present`, the answer is that the object is there already.
 */
export type ProxyFault = 'pass' | 'loseAnswer' | 'reset' | 'busy' | 'stall' | 'present' | { readonly cutAfter: number };

/** A real HTTP proxy in front of an S3 server. Signatures stay valid: the name of the host is passed on. */
export interface S3Proxy extends AsyncDisposable {
  readonly endpoint: string;
  /** `METHOD path` of every request so far. */
  readonly seen: string[];
  /** Settles when the client has given up, or closed, its side of the connection that carries the newest request. */
  clientGone(): Promise<void>;
}

const answers: Readonly<Record<'busy' | 'present', readonly [number, string]>> = {
  busy: [503, '<Error><Code>SlowDown</Code><Message>Please reduce your request rate.</Message></Error>'],
  present: [412, '<Error><Code>PreconditionFailed</Code></Error>'],
};

/** Starts a proxy on a free port in front of `target`; `faultOf` decides on each request as it comes. */
export async function startS3Proxy(target: string, faultOf: (request: ProxiedRequest) => ProxyFault): Promise<S3Proxy> {
  const seen: string[] = [];
  let newest: IncomingMessage['socket'] | undefined;
  const server = createServer((incoming, outgoing) => {
    const { method = '', url = '' } = incoming;
    seen.push(`${method} ${url}`);
    newest = incoming.socket;
    const headers = { ...incoming.headers };
    void serve(target, { method, url, headers }, incoming, outgoing, faultOf({ method, url, headers }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error(`expected a TCP address, got ${String(address)}`);
  return {
    endpoint: `http://127.0.0.1:${address.port}`,
    seen,
    clientGone: () => new Promise((resolve) => (newest === undefined || newest.destroyed ? resolve() : newest.once('close', () => resolve()))),
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(target: string, asked: ProxiedRequest, incoming: IncomingMessage, outgoing: ServerResponse, fault: ProxyFault): Promise<void> {
  if (fault === 'stall') return;
  if (fault === 'reset') return void incoming.socket.resetAndDestroy();
  if (fault === 'busy' || fault === 'present') {
    incoming.resume();
    const [status, body] = answers[fault];
    outgoing.writeHead(status).end(asked.method === 'HEAD' ? undefined : body);
    return;
  }
  const { hostname, port } = new URL(target);
  const upstream = request({ hostname, port, method: asked.method, path: asked.url, headers: asked.headers });
  upstream.on('error', () => incoming.socket.resetAndDestroy());
  upstream.on('response', (answer: IncomingMessage) => {
    if (fault === 'loseAnswer') answer.resume().once('end', () => incoming.socket.resetAndDestroy());
    else void passOn(answer, outgoing, typeof fault === 'object' ? fault.cutAfter : Infinity);
  });
  outgoing.once('close', () => upstream.destroy());
  incoming.pipe(upstream);
}

async function passOn(answer: IncomingMessage, outgoing: ServerResponse, limit: number): Promise<void> {
  outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
  try {
    await pipeline(answer, limited(limit), outgoing);
  } catch {
    // One side has gone; what the other side notices is part of the test.
  }
}

/** Passes on so many bytes, and then breaks. */
function limited(bytes: number): Transform {
  let left = bytes;
  return new Transform({
    transform(piece: Buffer, _encoding, done) {
      this.push(piece.subarray(0, left));
      left -= piece.byteLength;
      // Later, so that what has been pushed gets there.
      if (left < 0) setImmediate(() => done(new Error(`cut after ${bytes} bytes`)));
      else done();
    },
  });
}
