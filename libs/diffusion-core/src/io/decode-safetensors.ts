import { LangevinError } from '@langevin/contracts';
import { repeatedKey } from './repeated-key.js';
import {
  bytesPerElement,
  elementCount,
  isSafetensorsDtype,
  maxHeaderBytes,
  metadataKey,
  type SafetensorsFile,
  type SafetensorsTensor,
} from './safetensors-format.js';

/**
 * Reads a safetensors file that may come from anyone. Accepted is only what the format's specification allows: a header
 * of at most 100 MB without repeated keys, known element types, and ranges that fit their shapes and tile the data
 * without gap or overlap. The data of the result are views into `bytes`, nothing is copied.
 *
 * @throws LangevinError `object_corrupt` naming the tensor and the rule that it breaks; nothing else, whatever the bytes
 */
export function decodeSafetensors(bytes: Uint8Array): SafetensorsFile {
  const { header, data } = splitFile(bytes);
  const entries = Object.entries(parseHeader(header));
  const tensors = entries.filter(([name]) => name !== metadataKey).map(([name, entry]) => parseTensor(name, entry, data));
  checkTiling(tensors, data);
  const metadata = entries.find(([name]) => name === metadataKey)?.[1];
  return { tensors: tensors.map((located) => located.tensor), metadata: parseMetadata(metadata) };
}

interface LocatedTensor {
  readonly tensor: SafetensorsTensor;
  readonly begin: number;
  readonly end: number;
}

function corrupt(reason: string, cause?: unknown): never {
  throw new LangevinError('object_corrupt', `safetensors: ${reason}`, { cause });
}

function splitFile(bytes: Uint8Array): { header: Uint8Array; data: Uint8Array } {
  if (bytes.length < 8) corrupt(`the file has ${bytes.length} bytes, the length of the header alone takes 8`);
  const declared = new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true);
  if (declared > BigInt(maxHeaderBytes)) corrupt(`the header is declared to have ${declared} bytes, at most ${maxHeaderBytes} are allowed`);
  const end = 8 + Number(declared);
  if (end > bytes.length) corrupt(`the header is declared to have ${declared} bytes, the file has ${bytes.length - 8} behind its length: it is cut off`);
  return { header: bytes.subarray(8, end), data: bytes.subarray(end) };
}

function parseHeader(header: Uint8Array): Record<string, unknown> {
  let text: string;
  let parsed: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
    parsed = JSON.parse(text);
  } catch (cause) {
    return corrupt('the header is not JSON in UTF-8', cause);
  }
  if (!text.startsWith('{')) corrupt('the header must begin with "{"');
  if (!isRecord(parsed)) return corrupt('the header is not a JSON object');
  // JSON.parse keeps the last of two equal keys, other readers the first: such a file means two things.
  const repeated = repeatedKey(text);
  if (repeated !== undefined) corrupt(`the key ${quote(repeated)} occurs twice in one object of the header`);
  return parsed;
}

function parseTensor(name: string, entry: unknown, data: Uint8Array): LocatedTensor {
  const refuse = (reason: string): never => corrupt(`tensor ${quote(name)}: ${reason}`);
  if (!isRecord(entry)) return refuse('its entry is not an object');
  const unknownKey = Object.keys(entry).find((key) => key !== 'dtype' && key !== 'shape' && key !== 'data_offsets');
  if (unknownKey !== undefined) refuse(`unknown key ${quote(unknownKey)}`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isSafetensorsDtype(dtype)) return refuse(`unknown dtype ${quote(dtype)}`);
  if (!isSizes(shape)) return refuse('shape must be an array of safe integers of at least 0');
  if (!isSizes(offsets) || offsets.length !== 2) return refuse('data_offsets must be two safe integers of at least 0');
  const [begin, end] = offsets as [number, number]; // The length was checked.
  const bytes = elementCount(shape) * bytesPerElement[dtype];
  if (!Number.isSafeInteger(bytes)) refuse(`shape [${shape}] is too large to count`);
  if (end - begin !== bytes) refuse(`data_offsets [${begin}, ${end}] span ${end - begin} bytes, ${dtype} [${shape}] needs ${bytes}`);
  if (end > data.length) refuse(`data_offsets end at ${end}, the data has ${data.length} bytes`);
  return { tensor: { name, dtype, shape, data: data.subarray(begin, end) }, begin, end };
}

function checkTiling(tensors: readonly LocatedTensor[], data: Uint8Array): void {
  const sorted = [...tensors].sort((a, b) => a.begin - b.begin || a.end - b.end);
  let covered = 0;
  for (const { tensor, begin, end } of sorted) {
    if (begin !== covered) corrupt(`tensor ${quote(tensor.name)}: begins at ${begin}, the tensor before it ends at ${covered}: the ranges must tile the data`);
    covered = end;
  }
  if (covered !== data.length) corrupt(`the tensors cover ${covered} of ${data.length} bytes of data`);
}

function parseMetadata(metadata: unknown): Record<string, string> {
  if (metadata === undefined) return {};
  if (!isRecord(metadata)) return corrupt(`${metadataKey} is not an object`);
  const pairs = Object.entries(metadata).map(([key, value]): [string, string] =>
    typeof value === 'string' ? [key, value] : corrupt(`${metadataKey}: the value of ${quote(key)} is not a string`),
  );
  return Object.fromEntries(pairs);
}

/** Text from the file for a message of one line, cut short: the file may be hostile. */
function quote(value: unknown): string {
  const text = JSON.stringify(value) ?? 'undefined';
  return text.length > 120 ? `${text.slice(0, 120)}…` : text;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0 && !Object.is(size, -0));
}
