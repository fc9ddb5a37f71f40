import { NodeList, type Endpoint } from './node-list.js';

const float32 = 1;
const int32 = 3;
const endpoint = (name: string, shape: readonly number[], dtype = float32): Endpoint => ({ name, dtype, shape });
const x = endpoint('f/input/x:0', [2, 3]);

/** Records an operation of one input and one output. */
function record(list: NodeList, op: string, input: Endpoint, shape: readonly number[], { dtype = float32, before = [] as string[] } = {}): Endpoint {
  const inputs = op === 'Reshape' ? [input, list.constant(int32, [shape.length], Int32Array.from(shape))] : [input];
  return list.operation({ op, inputs, before, attr: {}, outputs: [{ dtype, shape }] })[0]!;
}

const operations = (list: NodeList) => list.nodes.map(({ op }) => op).filter((op) => op !== 'Const');

describe('a list of nodes', () => {
  it('leaves out what would change nothing', () => {
    const list = new NodeList('f');
    expect(record(list, 'Identity', x, [2, 3])).toBe(x);
    expect(record(list, 'Cast', x, [2, 3])).toBe(x);
    expect(record(list, 'Reshape', x, [2, 3])).toBe(x);
    expect(operations(list)).toEqual([]);
  });

  it('keeps what changes the type, the shape, the values or the order', () => {
    const list = new NodeList('f');
    record(list, 'Cast', x, [2, 3], { dtype: int32 });
    record(list, 'Reshape', x, [6]);
    record(list, 'Neg', x, [2, 3]);
    record(list, 'Identity', x, [2, 3], { before: ['^f/Neg_2'] });
    expect(operations(list)).toEqual(['Cast', 'Reshape', 'Neg', 'Identity']);
  });

  it('takes a new shape from the tensor that was reshaped first, and back is the tensor itself', () => {
    const list = new NodeList('f');
    const flat = record(list, 'Reshape', x, [6]);
    const turned = record(list, 'Reshape', flat, [3, 2]);
    expect(list.nodes.at(-1)?.input[0]).toBe(x.name);
    expect(record(list, 'Reshape', turned, [2, 3])).toBe(x);
    expect(record(list, 'Reshape', turned, [6])).toBe(flat);
    expect(operations(list)).toEqual(['Reshape', 'Reshape']);
  });

  it('has a small constant once, by type, shape and values', () => {
    const list = new NodeList('f');
    const one = list.constant(float32, [], Float32Array.of(1));
    expect(list.constant(float32, [], Float32Array.of(1))).toBe(one);
    const others = [list.constant(float32, [1], Float32Array.of(1)), list.constant(float32, [], Float32Array.of(2)), list.constant(int32, [], Int32Array.of(1_065_353_216))];
    expect(new Set([one, ...others].map(({ name }) => name)).size).toBe(4);
    const large = new Float32Array(1000);
    expect(list.constant(float32, [1000], large)).not.toBe(list.constant(float32, [1000], large));
  });

  it('gives every node a name of its own, and an operation of several results all its places', () => {
    const list = new NodeList('f');
    const outputs = [{ dtype: float32, shape: [1, 3] }, { dtype: float32, shape: [1, 3] }];
    const parts = [0, 1].flatMap(() => list.operation({ op: 'Unpack', inputs: [x], before: [], attr: {}, outputs }));
    expect(parts.map(({ name }) => name)).toEqual(['f/Unpack_0:0', 'f/Unpack_0:1', 'f/Unpack_1:0', 'f/Unpack_1:1']);
  });
});
