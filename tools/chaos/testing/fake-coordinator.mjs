// The coordinator of fake-product.mjs: shares the leaves out, waits for all, has the step prepared, commits it.
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { setInterval } from 'node:timers';
import { chainAfter, leaves, ledgerAt, messages } from './fake-protocol.mjs';

const [dataDir, port, ledger] = process.argv.slice(2);
const defect = process.env.FAKE_DEFECT;
/** Nobody hears of a trainer for so long: it is lost. */
const silenceMs = 1000;

if (ledger) mkdirSync(ledger, { recursive: true });
const note = ledger ? ledgerAt(ledger, 'coordinator') : () => undefined;
const trainers = new Map();
let job = null;
let step = 0;
let generation = 1;
let plan = [];
let missing = false;
let hasForgotten = false;

const logOf = (id) => `${dataDir}/${id}.log`;
const committedOf = (id) => (existsSync(logOf(id)) ? readFileSync(logOf(id), 'utf8').split('\n').length - 1 : 0);

function nextJob() {
  for (const file of readdirSync(`${dataDir}/jobs`).sort()) {
    const spec = JSON.parse(readFileSync(`${dataDir}/jobs/${file}`, 'utf8'));
    if (committedOf(spec.name) < spec.steps) return spec;
  }
  return null;
}

/** Leaves nobody has finished go to the living, in turn. */
function share(isAgain) {
  const living = [...trainers.values()];
  if (living.length === 0) return;
  const done = plan.filter(({ isDone }) => isDone);
  const open = Array.from({ length: leaves }, (_, leaf) => leaf).filter((leaf) => !done.some(({ first }) => first === leaf));
  plan = [...done, ...open.map((leaf, i) => ({ first: leaf, leaves: 1, trainer: living[i % living.length].name, isDone: false }))];
  for (const trainer of living) {
    Object.assign(trainer, { isPrepared: false, isJoining: false });
    const own = plan.filter((part) => !part.isDone && part.trainer === trainer.name).map(({ first }) => first);
    trainer.send({ type: 'run', job: job.name, step, generation, leaves: own, isAgain });
  }
  if (open.length === 0) prepare();
}

function prepare() {
  if (defect === 'lost-leaf' && step === 7) plan.pop();
  for (const trainer of trainers.values()) trainer.send({ type: 'prepare', job: job.name, step, subtrees: plan.map(({ first, leaves: count, trainer: name }) => ({ first, leaves: count, trainer: name })) });
}

function begin() {
  if (trainers.size === 0) return;
  job ??= nextJob();
  if (!job) return;
  step = committedOf(job.name) + 1;
  plan = [];
  share(false);
}

function commit() {
  note({ type: 'committed', job: job.name, step, chain: chainAfter(step), generation, members: [...trainers.keys()] });
  if (defect === 'no-log' && step === 9 && !hasForgotten) hasForgotten = true;
  else appendFileSync(logOf(job.name), 'committed\n');
  for (const trainer of trainers.values()) trainer.send({ type: 'commit', job: job.name, step });
  if (step % job.everySteps === 0) setTimeout((file) => writeFileSync(file, ''), 60, `${dataDir}/${job.name}-${step}`);
  if (step >= job.steps) job = null;
  begin();
}

function lose(trainer, why) {
  if (trainers.get(trainer.name) !== trainer) return;
  trainers.delete(trainer.name);
  trainer.socket.destroy();
  note({ type: 'lost', trainer: trainer.name, why, detectedAtMs: Date.now() });
  if (!job || trainers.size === 0) return;
  generation++;
  missing = true;
  share(true);
}

function receive(trainer, message) {
  trainer.heardMs = performance.now();
  if (message.type === 'hello') {
    const earlier = trainers.get(message.name);
    if (earlier) lose(earlier, 'another one of its name has come');
    trainer.name = message.name;
    trainers.set(trainer.name, trainer);
    if (!job) begin();
    else {
      // It takes part from the next step on.
      trainer.isJoining = trainers.size > 1;
      trainer.send({ type: 'join', job: job.name, step: step - 1 });
      if (!trainer.isJoining) begin();
    }
  }
  if (message.step !== step || message.job !== job?.name || trainers.get(trainer.name) !== trainer) return;
  if (message.type === 'computed') {
    if (missing && message.generation === generation) {
      note({ type: 'resumed', job: job.name, step, generation, atMs: Date.now() });
      missing = false;
    }
    const part = plan.find(({ first, isDone }) => first === message.leaf && !isDone);
    if (!part || part.trainer !== trainer.name) return;
    part.isDone = true;
    if (plan.every(({ isDone }) => isDone)) prepare();
  } else if (message.type === 'prepared') {
    trainer.isPrepared = true;
    if ([...trainers.values()].filter(({ isJoining }) => !isJoining).every(({ isPrepared }) => isPrepared)) commit();
  }
}

const server = createServer((socket) => {
  const trainer = { socket, name: '', isPrepared: false, heardMs: performance.now() };
  trainer.send = messages(socket, (message) => receive(trainer, message));
  socket.on('error', () => socket.destroy());
  socket.on('close', () => lose(trainer, 'its connection was closed'));
});
server.listen(Number(port), '127.0.0.1', () => process.send?.({ kind: 'ready', facts: { address: `127.0.0.1:${port}` } }));
setInterval(() => {
  for (const trainer of trainers.values()) if (performance.now() - trainer.heardMs > silenceMs) lose(trainer, 'silent');
  if (!job) begin();
}, 100);
process.on('SIGTERM', () => process.exit(0));
process.on('disconnect', () => process.exit(0));
