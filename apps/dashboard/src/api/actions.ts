import type { ForkRunRequest, MoveAliasRequest, RegisterVersionRequest, SampleRequest } from '@langevin/contracts/api';
import { call } from './call.js';

/** Checks a job: its specification, its data and its name. */
export const validateJob = (yaml: string) => call('validateJob', { body: { yaml } });

/** Submits a job; it queues behind the running one. */
export const submitJob = (yaml: string) => call('submitJob', { body: { yaml } });

/** Ends a run; its checkpoints stay. */
export const cancelRun = (run: string) => call('cancelRun', { params: { run } });

/** Lets a run go on from a checkpoint: its newest, or the one named by step or digest. */
export const resumeRun = (run: string, from?: string) => call('resumeRun', { params: { run }, body: { from } });

/** Begins a new run at a checkpoint of another. */
export const forkRun = (run: string, request: ForkRunRequest) => call('forkRun', { params: { run }, body: request });

/** Reads every byte of a checkpoint in the store. */
export const verifyCheckpoint = (digest: string) => call('verifyCheckpoint', { params: { digest } });

/** Makes a checkpoint the next version of a model. */
export const registerVersion = (name: string, request: RegisterVersionRequest) => call('registerVersion', { params: { name }, body: request });

/** Points an alias at a version. */
export const moveAlias = (name: string, alias: string, request: MoveAliasRequest) => call('moveAlias', { params: { name, alias }, body: request });

/** Points an alias back at where it pointed before. */
export const rollbackAlias = (name: string, alias: string) => call('rollbackAlias', { params: { name, alias }, body: {} });

/** Lets a trainer give its work away and leave. */
export const drainNode = (name: string) => call('drainNode', { params: { name } });

/** Asks for samples; resolves with the request, queued. */
export const requestSamples = (request: SampleRequest) => call('requestSamples', { body: request });

/** Withdraws a request for samples. */
export const cancelSamples = (id: string) => call('cancelSamples', { params: { id } });
