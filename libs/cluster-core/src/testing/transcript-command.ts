import type { ClusterEvent } from '../event.js';
import type { StateFile } from '../job.js';
import type { Subtree } from '../plan.js';
import { goodClass } from './good-events.js';

/** The event that a line of a transcript stands for; `scenarios/README.md` lists the commands. */
export function parseCommand(line: string): ClusterEvent {
  const words = line.split(/\s+/);
  const options = new Map(words.filter((word) => word.includes('=')).map((word) => splitOnce(word, '=')));
  const [verb = '', a = '', b = '', c = '', d = '', e = ''] = words.filter((word) => !word.includes('='));
  const textFrom = (index: number) => words.slice(index).join(' ');
  switch (verb) {
    case 'attach':
      return attach(a, b, options);
    case 'detach':
      return { type: 'trainerDetached', trainerId: a, why: textFrom(2) };
    case 'beat':
      return { type: 'heartbeat', trainerId: a, progress: Number(b) };
    case 'tick':
      return { type: 'tick' };
    case 'submit':
      return submit(a, options);
    case 'cancel':
      return { type: 'jobCancelled', jobId: a };
    case 'ready':
      return { type: 'trainerReady', trainerId: a, jobId: b, numerics: numerics(options) };
    case 'failed':
      return { type: 'trainerFailed', trainerId: a, jobId: b, code: c, message: textFrom(4) };
    case 'partial':
      return { type: 'partialReceived', trainerId: a, jobId: b, step: Number(c), generation: Number(d), subtree: leaves(e) };
    case 'result':
      return result(a, Number(b), c, options);
    case 'prepared':
      return { type: 'prepared', trainerId: a, jobId: b, step: Number(c), digest: d };
    case 'state':
      return { type: 'stateReported', trainerId: a, jobId: b, step: Number(c), files: files(words.slice(4)) };
    case 'copied':
      return { type: 'checkpointCopied', jobId: a, step: Number(b) };
    case 'store-lost':
      return { type: 'storeLost', since: textFrom(1) };
    case 'store-found':
      return { type: 'storeFound' };
    case 'stored':
      return { type: 'checkpointStored', jobId: a, step: Number(b), manifestDigest: c, weightsSha256: d };
    case 'store-failed':
      return { type: 'checkpointFailed', jobId: a, step: Number(b), code: c, message: textFrom(4) };
    default:
      throw new Error(`transcript: unknown command "${line}"`);
  }
}

type Options = ReadonlyMap<string, string>;

function attach(trainerId: string, name: string, options: Options): ClusterEvent {
  const version = options.get('version') ?? '0.1.0';
  return { type: 'trainerAttached', trainerId, name, version, incarnation: `${trainerId}-1`, pullAddress: `${name}:7000`, numerics: { isa: 'avx2' } };
}

function submit(id: string, options: Options): ClusterEvent {
  const count = (key: string, otherwise: number) => Number(options.get(key) ?? otherwise);
  const job = {
    id,
    virtualWorkers: count('V', 8),
    totalSteps: count('steps', 4),
    minTrainers: count('min', 1),
    checkpointEvery: count('every', 2),
    startStep: count('start', 0),
    numericsClass: options.has('threads') || options.has('isa') ? numerics(options) : null,
  };
  return { type: 'jobSubmitted', job };
}

function result(jobId: string, step: number, digest: string, options: Options): ClusterEvent {
  const norm = Number(options.get('norm') ?? 1);
  return { type: 'resultReady', jobId, step, digest, loss: Number(options.get('loss') ?? 0.5), finite: Number.isFinite(norm), norm };
}

function numerics(options: Options): Record<string, string> {
  return { ...goodClass, ...Object.fromEntries([...options].filter(([key]) => key === 'threads' || key === 'isa')) };
}

function leaves(text: string): Subtree {
  const [first, last = first] = text.split('-').map(Number);
  if (first === undefined || last === undefined) throw new Error(`transcript: "${text}" names no leaves`);
  return { first, leaves: last - first + 1 };
}

function files(words: readonly string[]): StateFile[] {
  return words.map((word) => {
    const [role, digest] = splitOnce(word, '=');
    return { role, digest, size: 4 };
  });
}

function splitOnce(word: string, separator: string): [string, string] {
  const at = word.indexOf(separator);
  return [word.slice(0, at), word.slice(at + separator.length)];
}
