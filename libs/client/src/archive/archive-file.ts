import { createHash } from 'node:crypto';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { LangevinError, parseArchiveHeader, type ArchiveHeader } from '@langevin/contracts';

/** The first eight bytes of every archive; the last of them is the version of the format. */
const magic = Buffer.from('LANGEVA1', 'latin1');

/** The parts of an archive. */
export interface Archive {
  readonly header: ArchiveHeader;
  /** The code, top of the stack last. */
  readonly words: Uint16Array;
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** An archive as bytes: magic, length of the header (u32), header (JSON, deflated), code (u16 each); numbers are little-endian. */
export function encodeArchive({ words, header }: { readonly words: Uint16Array; readonly header: Omit<ArchiveHeader, 'code'> }): Uint8Array {
  const code = Buffer.alloc(2 * words.length);
  words.forEach((word, i) => code.writeUInt16LE(word, 2 * i));
  const whole: ArchiveHeader = { ...header, code: sha256(code) };
  const text = deflateRawSync(JSON.stringify(whole), { level: 9 });
  const length = Buffer.alloc(4);
  length.writeUInt32LE(text.length);
  return Buffer.concat([magic, length, text, code]);
}

/**
 * The parts of an archive, every byte checked.
 * @throws LangevinError `invalid_argument` for what is no archive of this version; `object_corrupt` for one that is damaged or cut short
 */
export function decodeArchive(bytes: Uint8Array): Archive {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const begin = magic.length + 4;
  if (file.length < begin || !file.subarray(0, magic.length).equals(magic)) {
    throw new LangevinError('invalid_argument', `this is no archive of images: it does not begin with ${magic.toString('latin1')}`);
  }
  const end = begin + file.readUInt32LE(magic.length);
  const header = parseArchiveHeader(inflated(file.subarray(begin, end)));
  const code = file.subarray(end);
  if (sha256(code) !== header.code) throw new LangevinError('object_corrupt', 'the archive is damaged or cut short: its code has another sha256 than its header says');
  return { header, words: Uint16Array.from({ length: code.length / 2 }, (_, i) => code.readUInt16LE(2 * i)) };
}

function inflated(text: Uint8Array): unknown {
  try {
    return JSON.parse(inflateRawSync(text).toString('utf8'));
  } catch (cause) {
    throw new LangevinError('object_corrupt', `the archive is damaged or cut short: its header cannot be read (${LangevinError.from(cause).message})`, { cause });
  }
}
