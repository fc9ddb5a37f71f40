import { createHash } from 'node:crypto';

/** sha256 of a text: stands for the digest of what the text names. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
