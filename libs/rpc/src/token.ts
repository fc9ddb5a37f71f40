import { createHash, timingSafeEqual } from 'node:crypto';
import { Metadata, ServerInterceptingCall } from '@grpc/grpc-js';
import type { ServerInterceptor } from '@grpc/grpc-js';
import { LangevinError } from '@langevin/contracts';
import { toStatus } from './status.js';

const digest = (text: string) => createHash('sha256').update(text).digest();

/** Throws `invalid_argument` for a token that cannot travel in a header: empty, with blanks, or not ASCII. */
export function checkToken(token: string): void {
  if (!/^[\x21-\x7e]+$/.test(token)) {
    throw new LangevinError('invalid_argument', 'the token is empty or holds blanks or non-ASCII characters: copy it again from the file that `langevin up` made');
  }
}

/** Call metadata that carries the token (RFC 6750, §2.1). */
export function bearer(token: string): Metadata {
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

/**
 * Ends every call, whatever its service and kind, that does not carry the token with UNAUTHENTICATED, before its handler
 * sees it. Digests are compared, in constant time, so that neither the token's length nor its prefix leaks.
 */
export function requireToken(token: string, tokenSource: string): ServerInterceptor {
  const expected = digest(`Bearer ${token}`);
  return (_method, call) =>
    new ServerInterceptingCall(call, {
      start(next) {
        next({
          onReceiveMetadata(metadata, forward) {
            const sent = metadata.get('authorization')[0];
            if (sent !== undefined && timingSafeEqual(digest(String(sent)), expected)) return forward(metadata);
            const problem = sent === undefined ? 'this call carries no token' : 'this token is not the one that this server expects';
            call.sendStatus(toStatus(new LangevinError('unauthenticated', `${problem}: use ${tokenSource}`)));
          },
        });
      },
    });
}
