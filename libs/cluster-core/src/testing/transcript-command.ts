import type { ClusterEvent } from '../event.js';
import type { HeldState, StateFile } from '../job.js';
import { goodClass } from './good-events.js';

/** The event that a line of a transcript stands for; `scenarios/README.md` lists the commands. */
export function parseCommand(line: string): ClusterEvent {
  const words = line.split(/\s+/);
  const options: Options = new Map(words.filter((word) => word.includes('=')).map((word) => splitOnce(word, '=')));
  const plain = words.filter((word) => !word.includes('='));
  const [verb = '', a = '', b = '', c = '', d = ''] = plain;
  const textFrom = (index: number): string => plain.slice(index).join(' ');
  const event = clusterEvent(verb, a, b, { words, options, textFrom }) ?? stepEvent(verb, [a, b, c, d], options, textFrom) ?? storeEvent(verb, [a, b, c, d], words, textFrom);
  if (!event) throw new Error(`transcript: unknown command "${line}"`);
  return event;
}

type Options = ReadonlyMap<string, string>;
type TextFrom = (index: number) => string;

function clusterEvent(verb: string, a: string, b: string, { options, textFrom }: { readonly words: readonly string[]; readonly options: Options; readonly textFrom: TextFrom }): ClusterEvent | undefined {
  switch (verb) {
    case 'attach':
      return attach(a, b, options);
    case 'detach':
      return { type: 'trainerDetached', trainerId: a, why: textFrom(2) };
    case 'drain':
      return { type: 'trainerDraining', trainerId: a, why: textFrom(2) };
    case 'tick':
      return { type: 'tick' };
    case 'submit':
      return { type: 'jobSubmitted', job: request(a, options) };
    case 'cancel':
      return { type: 'jobCancelled', jobId: a };
    case 'reopened':
      return { type: 'jobReopened', job: request(a, options) };
    case 'reopen-failed':
      return { type: 'reopenFailed', jobId: a, code: b, message: textFrom(3) };
    default:
      return undefined;
  }
}

function stepEvent(verb: string, [a, b, c, d]: [string, string, string, string], options: Options, textFrom: TextFrom): ClusterEvent | undefined {
  switch (verb) {
    case 'ready':
      return { type: 'trainerReady', trainerId: a, jobId: b, numerics: numerics(options) };
    case 'failed':
      return { type: 'trainerFailed', trainerId: a, jobId: b, code: c, message: textFrom(4) };
    case 'prepared': {
      const norm = Number(options.get('norm') ?? 1);
      const numbers = { loss: Number(options.get('loss') ?? 0.5), norm, finite: Number.isFinite(norm), leafMs: Number(options.get('leaf') ?? 10) };
      return { type: 'prepared', trainerId: a, jobId: b, step: Number(c), digest: d, ...numbers };
    }
    case 'trouble':
      return { type: 'peerTrouble', trainerId: a, jobId: b, peerId: c, problem: textFrom(4), peerSilentMs: Number(options.get('silent') ?? 100) };
    case 'fetched':
      return { type: 'stateFetched', trainerId: a, jobId: b, step: Number(c) };
    case 'behind':
      return { type: 'fellBehind', trainerId: a, jobId: b, step: Number(c) };
    default:
      return undefined;
  }
}

function storeEvent(verb: string, [a, b, c, d]: [string, string, string, string], words: readonly string[], textFrom: TextFrom): ClusterEvent | undefined {
  switch (verb) {
    case 'state':
      return { type: 'stateReported', trainerId: a, jobId: b, step: Number(c), files: files(words.slice(4)) };
    case 'copied':
      return { type: 'checkpointCopied', jobId: a, step: Number(b) };
    case 'copy-failed':
      return { type: 'copyFailed', jobId: a, step: Number(b), trainerId: c, message: textFrom(4) };
    case 'store-lost':
      return { type: 'storeLost', since: textFrom(1) };
    case 'store-found':
      return { type: 'storeFound' };
    case 'stored':
      return { type: 'checkpointStored', jobId: a, step: Number(b), manifestDigest: c, weightsSha256: d };
    case 'store-failed':
      return { type: 'checkpointFailed', jobId: a, step: Number(b), code: c, message: textFrom(4) };
    default:
      return undefined;
  }
}

function attach(trainerId: string, name: string, options: Options): ClusterEvent {
  const version = options.get('version') ?? '0.1.0';
  const incarnation = options.get('process') ?? `${name}-1`;
  return { type: 'trainerAttached', trainerId, name, version, incarnation, pullAddress: `${name}:7000`, numerics: { isa: 'avx2' }, holds: held(options.get('holds')) };
}

/** JOB:APPLIED:CHAIN, or with the digest of a result that is in doubt, JOB:APPLIED:CHAIN:PREPARED. */
function held(text: string | undefined): HeldState | null {
  if (text === undefined) return null;
  const [jobId = '', applied = '', chain = '', prepared] = text.split(':');
  return { jobId, applied: Number(applied), chain, loss: 0.5, prepared: prepared === undefined ? null : { digest: prepared, loss: 0.5, norm: 1, finite: true } };
}

function request(id: string, options: Options): Extract<ClusterEvent, { type: 'jobSubmitted' }>['job'] {
  const count = (key: string, otherwise: number): number => Number(options.get(key) ?? otherwise);
  return {
    id,
    virtualWorkers: count('V', 8),
    blocks: count('blocks', 4),
    exchange: options.get('exchange') === 'coordinator' ? 'coordinator' : 'peers',
    totalSteps: count('steps', 4),
    minTrainers: count('min', 1),
    checkpointEvery: count('every', 2),
    startStep: count('start', 0),
    numericsClass: options.has('threads') || options.has('isa') ? numerics(options) : null,
  };
}

function numerics(options: Options): Record<string, string> {
  return { ...goodClass, ...Object.fromEntries([...options].filter(([key]) => key === 'threads' || key === 'isa')) };
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
