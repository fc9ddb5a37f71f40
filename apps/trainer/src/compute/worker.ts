import { parentPort } from 'node:worker_threads';
import { VectorArena } from '@langevin/collectives';
import { LangevinError, type NumericsClass } from '@langevin/contracts';
import { loadTensorFlow, machineNumerics, runtimeFacts } from '@langevin/tf-runtime';
import type { ComputeAnswers, ComputeCall, ComputeReply, ComputeRequest } from './protocol.js';
import { openSession, type ComputeSession } from './session.js';

const port = parentPort;
if (!port) throw new Error('the compute thread is started by the trainer');

const log = (line: string): void => void process.stdout.write(`${line}\n`);
let session: ComputeSession | null = null;
/** Requests run one after the other, in the order in which they came. */
let queue: Promise<void> = Promise.resolve();
port.on('message', (call: ComputeCall) => {
  queue = queue.then(() => reply(call));
});

async function reply({ id, request }: ComputeCall): Promise<void> {
  let message: ComputeReply;
  const from = performance.now();
  try {
    const value = await answer(request);
    message = { id, ok: true, ms: performance.now() - from, value };
  } catch (thrown) {
    const error = LangevinError.from(thrown);
    message = { id, ok: false, code: error.code, message: error.message };
  }
  port?.postMessage(message, message.ok ? buffersOf(message.value) : []);
}

async function answer(request: ComputeRequest): Promise<ComputeAnswers[ComputeRequest['kind']]> {
  if (request.kind === 'facts') return machine();
  if (request.kind === 'open') {
    session?.dispose();
    session = openSession(await machine(), request.spec, request.step, request.files, VectorArena.attach(request.arena), log);
    return { numerics: session.numerics, parameters: session.parameters };
  }
  if (!session) throw new LangevinError('internal', `compute thread: ${request.kind} before open`);
  switch (request.kind) {
    case 'stage':
      session.stage(request.step, request.leaf);
      return null;
    case 'gradient':
      return session.gradient(request.step, request.firstSlots);
    case 'apply':
      session.apply(request.step, request.address, request.learningRate);
      return null;
    case 'copyState':
      return session.copyState();
    case 'loadState':
      session.loadState(request.step, request.state);
      return null;
    case 'digestGradient':
      return session.digestGradient(request.address);
    case 'digestState':
      return session.digestState();
    case 'files':
      return session.files();
    case 'measure':
      return session.measure(request.heldOut);
  }
}

async function machine(): Promise<NumericsClass> {
  return machineNumerics(runtimeFacts(await loadTensorFlow({ log })));
}

/** Whole buffers move instead of being copied. */
function buffersOf(value: object | string | null): ArrayBuffer[] {
  if (value === null || typeof value === 'string') return [];
  const parts: readonly unknown[] = value instanceof Uint8Array ? [value] : Object.values(value);
  return parts
    .filter((item): item is Uint8Array<ArrayBuffer> => item instanceof Uint8Array && item.buffer instanceof ArrayBuffer && item.byteLength === item.buffer.byteLength)
    .map((item) => item.buffer);
}
