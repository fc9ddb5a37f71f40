// A sampler that answers at once with a picture of its own making: what it was asked, as text. Asked for seed 13 it waits to be
// cancelled, for seed 14 it dies.
let waiting = null;
process.on('message', (message) => {
  if (message.kind === 'cancel' && waiting === message.id) {
    process.send({ kind: 'refused', id: message.id, code: 'cancelled', message: 'the sampling was cancelled' });
  }
  if (message.kind !== 'draw') return;
  if (message.seed === 14) process.exit(3);
  process.send({ kind: 'progress', id: message.id, progress: 0.5 });
  if (message.seed === 13) waiting = message.id;
  else process.send({ kind: 'drawn', id: message.id, png: Buffer.from(JSON.stringify(message)).toString('base64'), imageShape: [4, 4, 1] });
});
process.on('disconnect', () => process.exit(0));
process.on('SIGTERM', () => process.exit(0));
process.send({ kind: 'ready', facts: {} });
