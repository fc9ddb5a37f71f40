// A trainer of fake-product.mjs: its state is a hash; it computes by waiting, and dials again when its connection breaks.
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { clearInterval, setInterval } from 'node:timers';
import { chainAfter, ledgerAt, messages, resultOf, stateAfter } from './fake-protocol.mjs';

const [name, coordinator, port, ledger] = process.argv.slice(2);
const defect = process.env.FAKE_DEFECT;
const leafMs = 6;

if (ledger) mkdirSync(ledger, { recursive: true });
const note = ledger ? ledgerAt(ledger, name) : () => undefined;
let applied = 0;
let job = '';
let prepared = null;

function apply({ step, subtrees }) {
  const isBad = defect === 'diverged' && step > 5 && name === 'trainer-2';
  note({ type: 'applied', job, step, result: resultOf(step), chain: chainAfter(step), state: isBad ? 'f'.repeat(64) : stateAfter(step), subtrees });
  applied = step;
}

async function run({ step, generation, leaves, isAgain }, send) {
  for (const leaf of leaves) {
    if (isAgain) note({ type: 'recomputed', job, step, first: leaf, leaves: 1 });
    await new Promise((resolve) => setTimeout(resolve, leafMs));
    note({ type: 'computed', job, step, generation, first: leaf, leaves: 1, chain: chainAfter(step - 1) });
    send({ type: 'computed', job, step, generation, leaf });
  }
}

function follow(message, send) {
  if (message.job !== job) {
    job = message.job;
    applied = 0;
  }
  // What it does not hold the coordinator's word makes up for: its own state is a hash that follows from the step.
  const upTo = message.type === 'join' ? message.step : message.step - 1;
  if (['join', 'run', 'prepare'].includes(message.type) && upTo > applied) {
    note({ type: 'joined', job, step: upTo });
    applied = upTo;
    prepared = null;
  }
  if (message.type === 'run') void run(message, send);
  if (message.type === 'prepare') {
    prepared = message;
    if (defect === 'early-apply') apply(message);
    note({ type: 'prepared', job, step: message.step, chain: chainAfter(message.step) });
    send({ type: 'prepared', job, step: message.step });
  }
  if (message.type === 'commit' && prepared?.step === message.step && applied < message.step) apply(prepared);
}

function dial() {
  const [host, to] = coordinator.split(':');
  const socket = connect({ host, port: Number(to) });
  const send = messages(socket, (message) => follow(message, send));
  const heartbeat = setInterval(() => send({ type: 'heartbeat' }), 100);
  socket.on('connect', () => send({ type: 'hello', name, port }));
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    clearInterval(heartbeat);
    setTimeout(dial, 100);
  });
}

dial();
process.send?.({ kind: 'ready', facts: { name } });
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
