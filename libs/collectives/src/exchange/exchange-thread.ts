import { parentPort } from 'node:worker_threads';
import { LangevinError } from '@langevin/contracts';
import { ExchangeEngine } from './engine.js';
import type { ExchangeAnswers, ExchangeCall, ExchangeMessage } from './thread-protocol.js';

const port = parentPort;
if (!port) throw new Error('the exchange thread is started by ExchangeHost');

let engine: ExchangeEngine | null = null;
const tell = (message: ExchangeMessage): void => port.postMessage(message);

port.on('message', (calls: readonly ExchangeCall[]) => calls.forEach(take));

function take(call: ExchangeCall): void {
  try {
    if ('id' in call) reply(call.id, answer(call));
    else obey(started(), call);
  } catch (thrown) {
    const { code, message } = LangevinError.from(thrown);
    tell('id' in call ? { kind: 'failure', id: call.id, code, message } : { kind: 'refused', code, message });
  }
}

function started(): ExchangeEngine {
  if (engine) return engine;
  throw new LangevinError('internal', 'the exchange was not started');
}

function reply(id: number, value: Promise<ExchangeAnswers[keyof ExchangeAnswers]>): void {
  value.then(
    (done) => tell({ kind: 'answer', id, value: done }),
    (thrown: unknown) => {
      const { code, message } = LangevinError.from(thrown);
      tell({ kind: 'failure', id, code, message });
    },
  );
}

async function answer(call: Extract<ExchangeCall, { id: number }>): Promise<ExchangeAnswers[keyof ExchangeAnswers]> {
  switch (call.kind) {
    case 'start':
      engine = await ExchangeEngine.start(call.options, {
        onTrouble: (memberId, problem, code) => tell({ kind: 'trouble', memberId, problem, code }),
        onRecovered: (memberId) => tell({ kind: 'recovered', memberId }),
      });
      return engine.endpoints;
    case 'held':
      return started().held(call.step);
    case 'pullResult':
      return started().pullResult(call.memberIds, call.step, call.chain);
    case 'pullPart':
      await started().pullPart(call.memberId, call.name, call.offset, call.into);
      return null;
    case 'stop':
      await engine?.[Symbol.asyncDispose]();
      return null;
  }
}

function obey(running: ExchangeEngine, call: Exclude<ExchangeCall, { id: number }>): void {
  switch (call.kind) {
    case 'openJob':
      return running.openJob(call.job, call.arena);
    case 'closeJob':
      return running.closeJob();
    case 'setMembers':
      return running.setMembers(call.members);
    case 'identify':
      return running.identify(call.as);
    case 'begin':
      return running.begin(call.begin);
    case 'offer':
      return running.offer(call.partial);
    case 'commit':
      return running.commit(call.step);
    case 'put':
      return running.put(call.name, call.content);
    case 'drop':
      return running.drop(call.name);
  }
}
