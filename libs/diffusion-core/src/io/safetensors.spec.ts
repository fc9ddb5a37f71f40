import * as fc from 'fast-check';
import { LangevinError } from '@langevin/contracts';
import { decodeSafetensors } from './decode-safetensors.js';
import { encodeSafetensors } from './encode-safetensors.js';
import { bytesPerElement, elementCount, type SafetensorsDtype, type SafetensorsTensor } from './safetensors-format.js';

const two: SafetensorsTensor[] = [
  { name: 'b', dtype: 'U8', shape: [3], data: Uint8Array.of(1, 2, 3) },
  { name: 'a', dtype: 'F32', shape: [], data: Uint8Array.of(0, 0, 128, 63) },
];

/** A file with this header, unpadded, and this much data. */
function fileOf(header: string, dataBytes = 0): Uint8Array {
  const text = new TextEncoder().encode(header);
  const file = new Uint8Array(8 + text.length + dataBytes);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  return file;
}

/** Runs the decoder; anything that it throws must be a LangevinError of this one kind. */
function rejection(bytes: Uint8Array): string | undefined {
  try {
    decodeSafetensors(bytes);
    return undefined;
  } catch (error) {
    if (!(error instanceof LangevinError) || error.code !== 'object_corrupt') throw error;
    return error.message;
  }
}

const tensorList = fc
  .uniqueArray(
    fc.record({
      name: fc.string({ maxLength: 12 }).filter((name) => name !== '__metadata__'),
      dtype: fc.constantFrom(...(Object.keys(bytesPerElement) as SafetensorsDtype[])),
      shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
      fill: fc.integer({ min: 0, max: 255 }),
    }),
    { maxLength: 5, selector: (tensor) => tensor.name },
  )
  .map((tensors) =>
    tensors.map(({ name, dtype, shape, fill }): SafetensorsTensor => ({ name, dtype, shape, data: new Uint8Array(elementCount(shape) * bytesPerElement[dtype]).fill(fill) })),
  );

describe('encodeSafetensors', () => {
  it('writes exactly the bytes of the format', () => {
    const file = encodeSafetensors(two, { z: '1', format: 'pt' });
    const header =
      '{"__metadata__":{"format":"pt","z":"1"},"b":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"a":{"dtype":"F32","shape":[],"data_offsets":[3,7]}}';
    const padded = header.padEnd(Math.ceil(header.length / 8) * 8);
    expect(new DataView(file.buffer).getBigUint64(0, true)).toBe(BigInt(padded.length));
    expect(new TextDecoder().decode(file.subarray(8, 8 + padded.length))).toBe(padded);
    expect(Array.from(file.subarray(8 + padded.length))).toEqual([1, 2, 3, 0, 0, 128, 63]);
  });

  it('refuses data that does not fit the shape, and names that are taken', () => {
    expect(() => encodeSafetensors([{ ...two[0]!, shape: [4] }])).toThrow('tensor "b": data has 3 bytes, U8 [4] needs 4');
    expect(() => encodeSafetensors([two[0]!, two[0]!])).toThrow('tensor "b": the name occurs twice');
    expect(() => encodeSafetensors([{ ...two[0]!, name: '__metadata__' }])).toThrow('the name is reserved');
    expect(() => encodeSafetensors([{ ...two[0]!, shape: [-3, -1] }])).toThrow('shape [-3,-1] must hold integers');
  });
});

describe('decodeSafetensors', () => {
  it('reads back whatever was written', () => {
    fc.assert(
      fc.property(tensorList, fc.dictionary(fc.string(), fc.string()), (tensors, metadata) => {
        const file = decodeSafetensors(encodeSafetensors(tensors, metadata));
        expect(new Map(file.tensors.map((tensor) => [tensor.name, tensor]))).toEqual(new Map(tensors.map((tensor) => [tensor.name, tensor])));
        expect(Object.entries(file.metadata).sort()).toEqual(Object.entries(metadata).sort());
      }),
      { seed: 81, numRuns: 200 },
    );
  });

  it('rejects every file that was cut off, and nothing else happens', () => {
    const file = encodeSafetensors(two, { format: 'pt' });
    for (let length = 0; length < file.length; length++) expect(rejection(file.subarray(0, length))).toMatch(/^safetensors: /);
    expect(rejection(file)).toBeUndefined();
  });

  it('either reads or rejects a file with any bytes of its header changed', () => {
    const file = encodeSafetensors(two, { format: 'pt' });
    const change = fc.record({ at: fc.nat({ max: file.length - 8 }), value: fc.integer({ min: 0, max: 255 }) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 3 }), (changes) => {
        const changed = file.slice();
        for (const { at, value } of changes) changed[at] = value;
        rejection(changed);
      }),
      { seed: 82, numRuns: 3000 },
    );
  });

  it('either reads or rejects a file with any JSON as its header', () => {
    fc.assert(fc.property(fc.json(), (json) => void rejection(fileOf(json))), { seed: 83, numRuns: 500 });
  });

  const entry = '"dtype":"U8","shape":[2],"data_offsets":[0,2]';
  it.each([
    ['a header larger than 100 MB', Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0), 'the header is declared to have 4294967296 bytes, at most 100000000 are allowed'],
    ['a header that is no object', fileOf('[]'), 'the header must begin with "{"'],
    ['a header that begins with a space', fileOf(' {}'), 'the header must begin with "{"'],
    ['bytes that are not UTF-8', fileOf('{}').fill(0xff, 8), 'not JSON in UTF-8'],
    ['a repeated tensor', fileOf(`{"x":{${entry}},"x":{${entry}}}`, 2), 'the key "x" occurs twice'],
    ['a repeated tensor in disguise', fileOf(`{"x":{${entry}},"\\u0078":{${entry}}}`, 2), 'the key "x" occurs twice'],
    ['a repeated key of a tensor', fileOf(`{"x":{${entry},"dtype":"I8"}}`, 2), 'the key "dtype" occurs twice'],
    ['an unknown key', fileOf(`{"x":{${entry},"y":1}}`, 2), 'tensor "x": unknown key "y"'],
    ['an unknown type', fileOf('{"x":{"dtype":"toString","shape":[2],"data_offsets":[0,2]}}', 2), 'tensor "x": unknown dtype "toString"'],
    ['a negative length', fileOf('{"x":{"dtype":"U8","shape":[-2],"data_offsets":[0,2]}}', 2), 'tensor "x": shape must be an array of safe integers'],
    ['a length that is no safe integer', fileOf('{"x":{"dtype":"U8","shape":[9007199254740992],"data_offsets":[0,2]}}', 2), 'shape must be an array of safe integers'],
    ['a shape too large to count', fileOf('{"x":{"dtype":"U8","shape":[4294967296,4294967296],"data_offsets":[0,2]}}', 2), 'too large to count'],
    ['a range that does not fit the shape', fileOf('{"x":{"dtype":"F32","shape":[2],"data_offsets":[0,2]}}', 2), 'span 2 bytes, F32 [2] needs 8'],
    ['a range that runs backwards', fileOf('{"x":{"dtype":"U8","shape":[2],"data_offsets":[2,0]}}', 2), 'span -2 bytes'],
    ['a range beyond the end', fileOf(`{"x":{${entry}}}`, 1), 'data_offsets end at 2, the data has 1 bytes'],
    ['data that no tensor owns', fileOf(`{"x":{${entry}}}`, 3), 'the tensors cover 2 of 3 bytes'],
    ['two tensors that overlap', fileOf(`{"x":{${entry}},"y":{${entry}}}`, 2), 'tensor "y": begins at 0, the tensor before it ends at 2'],
    ['a gap between tensors', fileOf(`{"x":{${entry}},"y":{"dtype":"U8","shape":[1],"data_offsets":[3,4]}}`, 4), 'tensor "y": begins at 3'],
    ['metadata that is no text', fileOf('{"__metadata__":{"a":1}}'), '__metadata__: the value of "a" is not a string'],
  ])('rejects %s and says so', (_, bytes, reason) => {
    expect(rejection(bytes)).toContain(reason);
  });

  it('reads a long string and a key named __proto__ like any other', () => {
    const long = 'x'.repeat(3_000_000);
    expect(decodeSafetensors(fileOf(`{"__metadata__":{"a":"${long}"}}`)).metadata['a']).toHaveLength(3_000_000);
    expect(decodeSafetensors(fileOf(`{"__proto__":{${entry}}}`, 2)).tensors[0]!.name).toBe('__proto__');
  });
});
