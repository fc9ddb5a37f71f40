import { endpoints } from '@langevin/contracts/api';
import type { ForkRunRequest, MoveAliasRequest, RegisterVersionRequest, SampleRequest } from '@langevin/contracts/api';
import { call } from './call.js';

/** Checks a job specification, and says what is wrong with it. */
export const validateJob = (yaml: string) => call(endpoints.validateJob, { body: { yaml } });

/** Submits a job; it queues behind the running one. */
export const submitJob = (yaml: string) => call(endpoints.submitJob, { body: { yaml } });

/** Ends a run; its checkpoints stay. */
export const cancelRun = (run: string) => call(endpoints.cancelRun, { params: { run } });

/** Lets a run go on from a checkpoint: its newest, or the one named by step or digest. */
export const resumeRun = (run: string, from?: string) => call(endpoints.resumeRun, { params: { run }, body: { from } });

/** Begins a new run at a checkpoint of another. */
export const forkRun = (run: string, request: ForkRunRequest) => call(endpoints.forkRun, { params: { run }, body: request });

/** Reads every byte of a checkpoint in the store. */
export const verifyCheckpoint = (digest: string) => call(endpoints.verifyCheckpoint, { params: { digest } });

/** Makes a checkpoint the next version of a model. */
export const registerVersion = (name: string, request: RegisterVersionRequest) =>
  call(endpoints.registerVersion, { params: { name }, body: request });

/** Points an alias at a version. */
export const moveAlias = (name: string, alias: string, request: MoveAliasRequest) =>
  call(endpoints.moveAlias, { params: { name, alias }, body: request });

/** Points an alias back at where it pointed before. */
export const rollbackAlias = (name: string, alias: string) => call(endpoints.rollbackAlias, { params: { name, alias }, body: {} });

/** Asks for samples; resolves with the request, queued. */
export const requestSamples = (request: SampleRequest) => call(endpoints.requestSamples, { body: request });

/** Withdraws a request for samples. */
export const cancelSamples = (id: string) => call(endpoints.cancelSamples, { params: { id } });
