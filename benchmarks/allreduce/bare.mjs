// What a transport gives by itself: bytes a second that one process writes and another reads, in a loop that does nothing else.
import { fork } from 'node:child_process';
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

const pieceBytes = 1024 * 1024;
const pieces = 2000;
const windowPieces = 20;

/** Both sides share a core each, as the ranks do. */
export async function bareRate(transport) {
  return transport === 'shm' ? copyRate() : socketRate();
}

/** Every byte is written into shared memory by one and read from it by another: here one after the other, and two processes do it at once. */
function copyRate() {
  const path = `/dev/shm/langevin-bare-${process.pid}`;
  const fd = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  const memory = new Uint8Array(2 * windowPieces * pieceBytes).fill(1);
  let startMs = 0;
  for (let piece = -windowPieces; piece < pieces; piece += 1) {
    if (piece === 0) startMs = performance.now();
    const at = (((piece % windowPieces) + windowPieces) % windowPieces) * pieceBytes;
    writeSync(fd, memory, at, pieceBytes, at);
    readSync(fd, memory, windowPieces * pieceBytes + at, pieceBytes, at);
  }
  const seconds = (performance.now() - startMs) / 1000;
  closeSync(fd);
  return (2 * pieces * pieceBytes) / seconds;
}

async function socketRate() {
  const child = fork(fileURLToPath(import.meta.url), ['serve']);
  const port = await new Promise((resolve) => child.once('message', resolve));
  const target = new Uint8Array(pieceBytes);
  const startMs = performance.now();
  let got = 0;
  await new Promise((resolve, reject) => {
    const callback = (count) => {
      got += count;
      return true;
    };
    connect({ port, host: '127.0.0.1', onread: { buffer: target, callback } }).once('close', resolve).once('error', reject);
  });
  child.kill();
  return (got * 1000) / (performance.now() - startMs);
}

if (process.argv[2] === 'serve') {
  const piece = Buffer.alloc(pieceBytes, 1);
  const server = createServer((socket) => {
    let left = pieces;
    const next = () => {
      if (left-- === 0) return void socket.end();
      socket.write(piece, next);
    };
    next();
  });
  server.listen(0, '127.0.0.1', () => process.send(server.address().port));
}
