import { createHash, timingSafeEqual } from 'node:crypto';
import type { Duplex } from 'node:stream';
import { LangevinError } from '@langevin/contracts';
import type { ExchangeSelf } from './exchange-options.js';
import { encodeFrame, FrameType } from './frame.js';
import type { Frame } from './frame.js';
import { FrameReader } from './frame-reader.js';
import type { Incoming } from './incoming.js';
import { errorMeta, parseErrorMeta, parseMeta } from './error-meta.js';

/** How long a connection may take to say who it is. */
const greetingMs = 1000;
/** What a greeting may be long: it comes from anybody. */
const maxGreetingBytes = 8 * 1024;

/** What both sides of a connection say of themselves. */
export interface Identity {
  readonly cluster: string;
  readonly term: number;
  readonly self: ExchangeSelf;
  readonly token: string;
}

/** A new connection. */
export interface Connection {
  readonly socket: Duplex;
  readonly incoming: Incoming;
  /** Whether this side has dialled. */
  readonly dialled: boolean;
}

/** A connection whose peer has proved who it is. */
export interface Greeted extends Connection {
  readonly reader: FrameReader;
  readonly peer: ExchangeSelf;
}

/**
 * Exchanges greetings on a new connection, who has dialled first, and hands it on; one that is not of this cluster is told
 * why, and closed.
 * @returns gives the connection up
 */
export function greet(connection: Connection, identity: () => Identity, done: (greeted: Greeted) => void, failed: (error: LangevinError) => void): () => void {
  const { socket, incoming, dialled } = connection;
  let isOver = false;
  let sent = 0;
  const say = (frame: Buffer): void => {
    sent++;
    socket.write(frame);
  };
  const end = (error: LangevinError): void => {
    if (isOver) return;
    isOver = true;
    clearTimeout(timer);
    socket.end();
    setTimeout(() => socket.destroy(), greetingMs / 4).unref();
    failed(error);
  };
  const refuse = (error: LangevinError): void => {
    if (!isOver) say(encodeFrame({ type: FrameType.refuse }, sent, errorMeta(error)));
    end(error);
  };
  const timer = setTimeout(() => end(new LangevinError('unavailable', `no greeting within ${greetingMs} ms`)), greetingMs);
  const accept = (frame: Frame, meta: Buffer): void => {
    if (frame.type === FrameType.refuse) return end(parseErrorMeta(meta));
    const peer = checkGreeting(frame, meta, dialled, identity());
    if (!dialled) say(greetingOf(identity(), FrameType.welcome));
    isOver = true;
    try {
      done({ ...connection, reader, peer });
    } catch (thrown) {
      isOver = false;
      throw thrown;
    }
    clearTimeout(timer);
  };
  const reader = new FrameReader({ target: () => null, frame: accept });
  socket.on('error', (error) => end(new LangevinError('unavailable', error.message, { cause: error })));
  socket.on('close', () => end(new LangevinError('unavailable', 'the connection was closed before a greeting')));
  incoming.forward({ reader, failed: refuse });
  if (dialled) say(greetingOf(identity(), FrameType.hello));
  return () => end(new LangevinError('cancelled', 'the exchange was closed'));
}

function greetingOf({ cluster, term, self, token }: Identity, type: typeof FrameType.hello | typeof FrameType.welcome): Buffer {
  return encodeFrame({ type }, 0, Buffer.from(JSON.stringify({ cluster, term, ...self, token })));
}

function checkGreeting(frame: Frame, meta: Buffer, dialled: boolean, own: Identity): ExchangeSelf {
  const due = dialled ? FrameType.welcome : FrameType.hello;
  if (frame.type !== due || meta.byteLength > maxGreetingBytes) throw new LangevinError('invalid_argument', 'a connection begins with a greeting');
  const { cluster, term, id, name, incarnation, token } = parseMeta(meta);
  if (typeof token !== 'string' || !isSameText(token, own.token)) {
    throw new LangevinError('unauthenticated', `the token is not the one that ${own.self.name} expects: start both with the token of one cluster`);
  }
  if (cluster !== own.cluster) throw new LangevinError('access_denied', `this is cluster ${own.cluster}, not ${String(cluster)}`);
  if (term !== own.term) throw new LangevinError('access_denied', `${own.self.name} follows the coordinator of term ${own.term}, not of term ${String(term)}`);
  if (typeof id !== 'string' || typeof name !== 'string' || typeof incarnation !== 'string' || id === own.self.id) {
    throw new LangevinError('invalid_argument', 'a greeting does not say who it is from');
  }
  return { id, name, incarnation };
}

/** In constant time, so that neither length nor prefix of the token leaks. */
function isSameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
