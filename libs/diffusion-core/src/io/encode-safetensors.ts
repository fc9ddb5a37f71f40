import { LangevinError } from '@langevin/contracts';
import { bytesPerElement, elementCount, metadataKey, type SafetensorsTensor } from './safetensors-format.js';

/**
 * Writes a safetensors file. The same input gives the same bytes: tensors lie in the order given, one behind the other,
 * metadata is sorted by key, and the header is padded with spaces so that the data begins at a multiple of 8 bytes.
 *
 * @throws LangevinError `invalid_argument` naming the tensor: a name twice or reserved, a shape that is none, or data whose
 * length is not that of shape × dtype
 */
export function encodeSafetensors(tensors: readonly SafetensorsTensor[], metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const header = new TextEncoder().encode(headerText(tensors, metadata));
  const headerBytes = Math.ceil(header.length / 8) * 8;
  const dataBytes = tensors.reduce((sum, tensor) => sum + tensor.data.length, 0);
  const file = new Uint8Array(8 + headerBytes + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes), true);
  file.fill(0x20, 8, 8 + headerBytes);
  file.set(header, 8);
  let offset = 8 + headerBytes;
  for (const { data } of tensors) {
    file.set(data, offset);
    offset += data.length;
  }
  return file;
}

function headerText(tensors: readonly SafetensorsTensor[], metadata: Readonly<Record<string, string>>): string {
  const names = new Set<string>([metadataKey]);
  // Written member by member: an object would move names that look like integers to its front.
  const members: string[] = [];
  const keys = Object.keys(metadata).sort();
  if (keys.length > 0) {
    const pairs = keys.map((key) => `${JSON.stringify(key)}:${JSON.stringify(metadata[key])}`);
    members.push(`${JSON.stringify(metadataKey)}:{${pairs.join(',')}}`);
  }
  let offset = 0;
  for (const tensor of tensors) {
    checkTensor(tensor, names);
    const end = offset + tensor.data.length;
    members.push(`${JSON.stringify(tensor.name)}:${JSON.stringify({ dtype: tensor.dtype, shape: tensor.shape, data_offsets: [offset, end] })}`);
    offset = end;
  }
  return `{${members.join(',')}}`;
}

function checkTensor({ name, dtype, shape, data }: SafetensorsTensor, names: Set<string>): void {
  const refuse = (reason: string): never => {
    throw new LangevinError('invalid_argument', `safetensors: tensor "${name}": ${reason}`);
  };
  if (names.has(name)) refuse(name === metadataKey ? 'the name is reserved' : 'the name occurs twice');
  names.add(name);
  if (!shape.every((length) => Number.isSafeInteger(length) && length >= 0)) refuse(`shape [${shape}] must hold integers of at least 0`);
  const expected = elementCount(shape) * bytesPerElement[dtype];
  if (data.length !== expected) refuse(`data has ${data.length} bytes, ${dtype} [${shape}] needs ${expected}`);
}
