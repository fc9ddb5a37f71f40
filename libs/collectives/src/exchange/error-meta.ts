import { LangevinError } from '@langevin/contracts';
import type { ErrorCode } from '@langevin/contracts';

/** An error, as it travels. */
export function errorMeta(error: LangevinError): Buffer {
  return Buffer.from(JSON.stringify({ code: error.code, message: error.message.slice(0, 4000) }));
}

export function parseErrorMeta(meta: Buffer): LangevinError {
  const { code, message } = parseMeta(meta);
  // Codes are stable; one of a newer version still reads as the text that it is.
  return new LangevinError(String(code) as ErrorCode, String(message));
}

/** What a frame's description says, as yet unchecked. */
export function parseMeta(meta: Buffer): Partial<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(meta.toString());
    if (typeof value === 'object' && value !== null) return value as Partial<Record<string, unknown>>;
  } catch {
    // Reported below, as anything else that is no object.
  }
  throw new LangevinError('invalid_argument', 'the description of a frame cannot be read');
}
