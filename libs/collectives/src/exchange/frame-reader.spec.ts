import { encodeFrame, FrameType } from './frame.js';
import { FrameReader } from './frame-reader.js';

describe('a frame reader', () => {
  it('writes nothing more for a request that is forgotten in the middle of a piece, and reads on', () => {
    const target = new Uint8Array(6);
    const types: number[] = [];
    const reader = new FrameReader({ target: () => target, frame: ({ type }) => void types.push(type) });
    const piece = encodeFrame({ type: FrameType.data, id: 7, length: 6, bodyBytes: 6 }, 0);
    reader.push(Buffer.concat([piece, Buffer.of(1, 2)]));
    const room = reader.room();
    room[0] = 3;
    reader.filled(1, room);
    reader.forget(8);
    expect(reader.room().buffer).toBe(target.buffer);
    reader.forget(7);
    expect(reader.room().buffer).not.toBe(target.buffer);
    reader.push(Buffer.concat([Buffer.of(4, 5, 6), encodeFrame({ type: FrameType.ping }, 1)]));
    expect([...target]).toEqual([1, 2, 3, 0, 0, 0]);
    expect(types).toEqual([FrameType.data, FrameType.ping]);
  });
});
