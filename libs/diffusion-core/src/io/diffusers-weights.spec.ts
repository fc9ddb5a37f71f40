import { parameterLayout } from '../nn/parameter-layout.js';
import { exportTensors, importTensors } from './diffusers-weights.js';

const layout = parameterLayout([
  { name: 'conv.weight', kind: 'filter', shape: [3, 2, 4, 5], fanIn: 24 },
  { name: 'linear.weight', kind: 'matrix', shape: [2, 3], fanIn: 2 },
  { name: 'linear.bias', kind: 'bias', shape: [3], fanIn: 2 },
  { name: 'table.weight', kind: 'table', shape: [2, 3], fanIn: 1 },
]);
const flat = Float32Array.from({ length: layout.total }, (_, i) => Math.sin(i) * 10 ** ((i % 80) - 40));

function numbersOf(name: string): number[] {
  const tensor = exportTensors(flat, layout).find((candidate) => candidate.name === name)!;
  const view = new DataView(tensor.data.buffer);
  return Array.from({ length: tensor.data.length / 4 }, (_, i) => view.getFloat32(4 * i, true));
}

describe('exportTensors', () => {
  it('writes filters as OIHW, matrices as [out, in], and leaves the rest as it is', () => {
    const shapes = exportTensors(flat, layout).map((tensor) => tensor.shape);
    expect(shapes).toEqual([[5, 4, 3, 2], [3, 2], [3], [2, 3]]);
    const filter = numbersOf('conv.weight');
    for (const [o, i, h, w] of [[0, 0, 0, 0], [4, 3, 2, 1], [1, 2, 0, 1], [3, 0, 2, 0]] as const) {
      expect(filter[((o * 4 + i) * 3 + h) * 2 + w]).toBe(flat[((h * 2 + w) * 4 + i) * 5 + o]);
    }
    const base = 120;
    expect(numbersOf('linear.weight')).toEqual([0, 3, 1, 4, 2, 5].map((i) => flat[base + i]));
    expect(numbersOf('table.weight')).toEqual(Array.from(flat.subarray(base + 9)));
  });

  it('refuses a vector of another length', () => {
    expect(() => exportTensors(flat.subarray(1), layout)).toThrow(`the parameter vector has ${layout.total - 1} numbers, the layout ${layout.total}`);
  });
});

describe('importTensors', () => {
  it('gives back the same bits, in whatever order the tensors come', () => {
    const special = flat.slice();
    new Uint32Array(special.buffer).set([0x7fc12345, 0xffa00001, 0x80000000, 0x00000001]);
    const tensors = exportTensors(special, layout);
    const restored = importTensors(tensors.reverse(), layout);
    expect(new Uint32Array(restored.buffer)).toEqual(new Uint32Array(special.buffer));
  });

  it('names every tensor that does not fit', () => {
    const [filter, matrix, bias, table] = exportTensors(flat, layout) as [never, never, never, never];
    const renamed = { ...(bias as object), name: 'linear.offset' } as never;
    expect(() => importTensors([filter, matrix, renamed, table], layout)).toThrow('linear.offset: the network has no such parameter; linear.bias: missing');
    const flatTable = { ...(table as object), shape: [6] } as never;
    expect(() => importTensors([filter, matrix, bias, flatTable], layout)).toThrow('table.weight: has shape [6] instead of [2,3]');
    const half = { ...(table as object), dtype: 'I32' } as never;
    expect(() => importTensors([filter, matrix, bias, half], layout)).toThrow('table.weight: has type I32 instead of F32');
    expect(() => importTensors([filter, matrix, bias, table, table], layout)).toThrow('a name occurs twice');
  });
});
