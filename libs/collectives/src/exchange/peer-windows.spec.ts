import { fstatSync } from 'node:fs';
import { pageMapper } from '../page-mapper.js';
import { createArena, VectorArena } from '../vector-arena.js';
import { PeerWindows } from './peer-windows.js';
import { SegmentReader } from './segment-reader.js';
import { MappedSegment, SegmentFile } from './segment.js';

const elements = 40_000;

/** A peer whose arena is a file, and who reads it. */
function startPeer() {
  const file = new SegmentFile();
  const arena = VectorArena.attach(createArena(elements, { fd: file.fd, file: file.file, nonce: file.nonce }));
  return { file, arena, segment: new MappedSegment(file, arena), reader: SegmentReader.open(file)! }; // It is on this host.
}

function stop({ file, arena }: ReturnType<typeof startPeer>): void {
  arena.leaveFile();
  file[Symbol.dispose]();
}

const textAt = (arena: VectorArena, address: number): string => Buffer.from(arena.bytesAt(address, 5)).toString();

describe('windows onto the memory of peers', () => {
  it('show what the peer writes, before and after either memory has grown, and after the peer has gone', () => {
    const peer = startPeer();
    const own = new VectorArena(elements);
    const windows = new PeerWindows(own, 64 * 1024 * 1024);
    const vector = peer.arena.take();
    expect(pageMapper()).not.toBeNull();
    expect(peer.segment.isInPlace(vector.address)).toBe(true);
    const window = windows.open(peer.reader, vector.address + 64, 1000)!;
    vector.bytes.set(Buffer.from('first'), 64);
    expect(textAt(own, window.address)).toBe('first');
    for (let grown = 0; grown < 20; grown++) own.take().floats.fill(1);
    for (let grown = 0; grown < 20; grown++) peer.arena.take().floats.fill(2);
    vector.bytes.set(Buffer.from('later'), 64);
    expect(textAt(own, window.address)).toBe('later');
    stop(peer);
    expect(textAt(own, window.address)).toBe('later');
    expect(windows.open(peer.reader, vector.address + 64, 1000)!.address).toBe(window.address);
    windows[Symbol.dispose]();
    expect(own.bytesAt(window.address, 5).every((byte) => byte === 0)).toBe(true);
    peer.reader.release();
  });

  it('take turns in a small budget, are refused while all are in use, and go with the last hold of the reader', () => {
    const peer = startPeer();
    const own = new VectorArena(elements);
    const windows = new PeerWindows(own, 2 * own.stride);
    const vectors = [1, 2, 3].map((value) => peer.arena.takeCopy(new Float32Array(elements).fill(value)));
    const open = (index: number) => windows.open(peer.reader, vectors[index]!.address, elements * 4);
    const firstOf = (address: number) => new Float32Array(own.buffer, address, 1)[0];
    const [a, b] = [open(0)!, open(1)!];
    expect([firstOf(a.address), firstOf(b.address)]).toEqual([1, 2]);
    expect(open(2)).toBeNull();
    a.release();
    const c = open(2)!;
    expect([c.address, firstOf(c.address)]).toEqual([a.address, 3]);
    b.release();
    c.release();
    peer.reader.release();
    expect([firstOf(a.address), firstOf(b.address)]).toEqual([0, 0]);
    expect(() => fstatSync(peer.reader.fd)).toThrow(/EBADF/);
    stop(peer);
  });

  it('are not opened beyond the end of a file', () => {
    const peer = startPeer();
    const windows = new PeerWindows(new VectorArena(elements), 64 * 1024 * 1024);
    expect(windows.open(peer.reader, 0, 1_000_000)).toBeNull();
    peer.reader.release();
    stop(peer);
  });
});

describe('a ticket', () => {
  it('holds until its owner revokes it', () => {
    const peer = startPeer();
    const [first, second] = [peer.segment.ticket(), peer.segment.ticket()];
    expect([first, second].map((ticket) => peer.reader.isCurrent(ticket))).toEqual([true, true]);
    peer.segment.revoke(first);
    expect([first, second].map((ticket) => peer.reader.isCurrent(ticket))).toEqual([false, true]);
    expect(peer.reader.isCurrent({ slot: 5000, value: 0 })).toBe(false);
    peer.reader.release();
    stop(peer);
  });
});

describe('an arena', () => {
  it('whose file has no room lies in memory of its own', () => {
    const arena = VectorArena.attach(createArena(elements, { fd: -1, file: '', nonce: '' }));
    const vector = arena.takeCopy(new Float32Array(elements).fill(3));
    expect([arena.isShared(vector.address), vector.floats[elements - 1]]).toEqual([false, 3]);
  });

  it('that leaves its file keeps what is there and makes new vectors elsewhere', () => {
    const peer = startPeer();
    const old = peer.arena.takeCopy(new Float32Array(elements).fill(3));
    stop(peer);
    const fresh = peer.arena.takeCopy(new Float32Array(elements).fill(4));
    expect([peer.arena.isShared(old.address), peer.arena.isShared(fresh.address)]).toEqual([true, false]);
    expect([old.floats[7], fresh.floats[7]]).toEqual([3, 4]);
    peer.reader.release();
  });
});
