import { z } from 'zod';
import { sha256 } from '../manifests.js';
import { checkpointInfoSchema, checkpointVerificationSchema } from './checkpoint.js';
import { empty, file, json, type Endpoint } from './endpoint.js';
import { digits, slug } from './fields.js';
import { forkRunRequestSchema, jobValidationSchema, recipeSchema, resumeRunRequestSchema, submitJobRequestSchema, validateJobRequestSchema } from './job-request.js';
import { manyMetricsSchema, metricKeys, metricKeySchema, runMetricsSchema } from './metrics.js';
import { modelDetailSchema, modelSummarySchema, modelVersionInfoSchema, moveAliasRequestSchema, registerVersionRequestSchema, rollbackAliasRequestSchema } from './model.js';
import { nodeInfoSchema } from './node.js';
import { pageOf, pageQuery } from './page.js';
import { routes } from './routes.js';
import { runDetailSchema, runEventSchema, runPhaseSchema, runSummarySchema } from './run.js';
import { sampleJobSchema, sampleRequestSchema } from './sample-job.js';
import { sampleMatrixSchema } from './sample-matrix.js';
import { systemSchema } from './system.js';

const page = z.strictObject(pageQuery);
const run = z.strictObject({ run: slug });
const checkpoint = z.strictObject({ digest: sha256 });
const model = z.strictObject({ name: slug });
const alias = z.strictObject({ name: slug, alias: slug });
const node = z.strictObject({ name: z.string().min(1).max(255) });
const sample = z.strictObject({ id: z.uuid() });
const bound = digits(0, 9_999_999_999_999);

/** `loss,learningRate`: which curves. */
const keyList = z
  .string()
  .regex(new RegExp(`^(?:${metricKeys.join('|')})(?:,(?:${metricKeys.join('|')}))*$`), `must be some of ${metricKeys.join(', ')}, with commas between them`)
  .default('loss')
  .transform((text) => [...new Set(text.split(','))].map((key) => metricKeySchema.parse(key)));

const runsQuery = z.strictObject({
  ...pageQuery,
  /** Part of the name. */
  q: z.string().max(64).optional(),
  phase: runPhaseSchema.optional(),
  /** A leading `-` reverses. @default -updatedAt */
  sort: z.enum(['name', '-name', 'updatedAt', '-updatedAt', 'step', '-step', 'loss', '-loss']).default('-updatedAt'),
});

const metricsQuery = z.strictObject({
  keys: keyList,
  x: z.enum(['step', 'time']).default('step'),
  /** Least step, or milliseconds since 1970. */
  from: bound.optional(),
  /** Greatest step, or milliseconds since 1970. */
  to: bound.optional(),
  /** How many points a curve has at most. */
  buckets: digits(1, 10_000).default(1000),
});

/** `digits,letters`: which runs. */
const runList = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,63}(?:,[a-z0-9][a-z0-9._-]{0,63}){0,199}$/, 'must be the names of 1–200 runs, with commas between them')
  .transform((text) => [...new Set(text.split(','))]);

const runEndpoints = {
  listRuns: { ...routes.listRuns, summary: 'Every run of the store, those that train now among them', query: runsQuery, reply: json(pageOf(runSummarySchema)) },
  getRun: { ...routes.getRun, summary: 'A run', params: run, reply: json(runDetailSchema) },
  getRunMetrics: { ...routes.getRunMetrics, summary: 'The curves of a run, in buckets that keep every spike', params: run, query: metricsQuery, reply: json(runMetricsSchema) },
  getMetrics: { ...routes.getMetrics, summary: 'The curves of several runs, to six digits; a run that is not there is left out', query: metricsQuery.extend({ runs: runList }), reply: json(manyMetricsSchema) },
  listRunEvents: { ...routes.listRunEvents, summary: 'What happened to a run, oldest first', params: run, query: page, reply: json(pageOf(runEventSchema)) },
  listRunCheckpoints: { ...routes.listRunCheckpoints, summary: 'The checkpoints of a run, newest first', params: run, query: page, reply: json(pageOf(checkpointInfoSchema)) },
  getRunSamples: { ...routes.getRunSamples, summary: 'Which pictures a run has: the same labels and noise at every checkpoint', params: run, reply: json(sampleMatrixSchema) },
  getRunSamplesImage: {
    ...routes.getRunSamplesImage,
    summary: 'The picture of a checkpoint: rows are labels, columns are seeds; it never changes',
    params: z.strictObject({ run: slug, step: digits(0, 999_999_999_999) }),
    reply: file('image/png'),
  },
  cancelRun: { ...routes.cancelRun, summary: 'End a job; its checkpoints stay', params: run, reply: json(runSummarySchema) },
  resumeRun: { ...routes.resumeRun, summary: 'Go on from a checkpoint of the run', params: run, body: resumeRunRequestSchema, reply: json(runSummarySchema, 202) },
  forkRun: { ...routes.forkRun, summary: 'Begin a new run at a checkpoint of this one', params: run, body: forkRunRequestSchema, reply: json(runSummarySchema, 202) },
} as const satisfies Record<string, Endpoint>;

const checkpointEndpoints = {
  getCheckpoint: { ...routes.getCheckpoint, summary: 'A checkpoint by the sha256 of its manifest', params: checkpoint, reply: json(checkpointInfoSchema) },
  verifyCheckpoint: { ...routes.verifyCheckpoint, summary: 'Read every byte and compare it with the manifest', params: checkpoint, reply: json(checkpointVerificationSchema) },
  getCheckpointFile: {
    ...routes.getCheckpointFile,
    summary: 'Download one file of a checkpoint',
    params: z.strictObject({ digest: sha256, path: z.string().min(1).max(255) }),
    reply: file('application/octet-stream'),
  },
} as const satisfies Record<string, Endpoint>;

const jobEndpoints = {
  listRecipes: { ...routes.listRecipes, summary: 'Job specifications to begin with', query: page, reply: json(pageOf(recipeSchema)) },
  validateJob: { ...routes.validateJob, summary: 'Check a job specification', body: validateJobRequestSchema, reply: json(jobValidationSchema) },
  submitJob: { ...routes.submitJob, summary: 'Train', body: submitJobRequestSchema, reply: json(runSummarySchema, 202) },
} as const satisfies Record<string, Endpoint>;

const modelEndpoints = {
  listModels: { ...routes.listModels, summary: 'Every model', query: page, reply: json(pageOf(modelSummarySchema)) },
  getModel: { ...routes.getModel, summary: 'A model with its versions, aliases and history', params: model, reply: json(modelDetailSchema) },
  registerVersion: { ...routes.registerVersion, summary: 'Make a checkpoint the next version; one that is a version already stays it', params: model, body: registerVersionRequestSchema, reply: json(modelVersionInfoSchema, 201) },
  moveAlias: { ...routes.moveAlias, summary: 'Point an alias to a version', params: alias, body: moveAliasRequestSchema, reply: json(modelDetailSchema) },
  rollbackAlias: { ...routes.rollbackAlias, summary: 'Take the last promotion of an alias back', params: alias, body: rollbackAliasRequestSchema, reply: json(modelDetailSchema) },
} as const satisfies Record<string, Endpoint>;

const sampleEndpoints = {
  requestSamples: { ...routes.requestSamples, summary: 'Draw samples now', body: sampleRequestSchema, reply: json(sampleJobSchema, 202) },
  getSamples: { ...routes.getSamples, summary: 'Where a request for samples stands', params: sample, reply: json(sampleJobSchema) },
  getSamplesImage: { ...routes.getSamplesImage, summary: 'The picture of a request that is done', params: sample, reply: file('image/png') },
  cancelSamples: { ...routes.cancelSamples, summary: 'Forget a request; if it is under way it ends', params: sample, reply: empty },
} as const satisfies Record<string, Endpoint>;

/** Every endpoint of the HTTP API by its operation id. */
export const endpoints = {
  getSystem: { ...routes.getSystem, summary: 'Who answers', reply: json(systemSchema) },
  ...runEndpoints,
  ...checkpointEndpoints,
  ...jobEndpoints,
  ...modelEndpoints,
  listNodes: { ...routes.listNodes, summary: 'The trainers that are attached', query: page, reply: json(pageOf(nodeInfoSchema)) },
  drainNode: { ...routes.drainNode, summary: 'Give the work of a trainer to the others, and let it end', params: node, reply: empty },
  ...sampleEndpoints,
  streamEvents: { ...routes.streamEvents, summary: 'What happens, as Server-Sent Events; `Last-Event-ID` continues', reply: file('text/event-stream') },
} as const satisfies Record<string, Endpoint>;

/** Operation id of an endpoint. */
export type EndpointId = keyof typeof endpoints;
