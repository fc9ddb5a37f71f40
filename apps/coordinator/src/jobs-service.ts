import { canonicalJson, LangevinError, parseJobSpec } from '@langevin/contracts';
import type { ObjectStore } from '@langevin/registry';
import { serverStreamHandler, unaryHandler } from '@langevin/rpc';
import type { Job, JobRequest__Output, ServiceHandlers } from '@langevin/rpc';
import { forkedJob, resumedJob, type ContinuedJob } from './continued-job.js';
import type { CoordinatorContext } from './context.js';
import { liveJob } from './live-job.js';
import { openJob } from './open-job.js';

/** A list has the newest of them, so that it stays well within what a message may hold. */
const maxListed = 4000;

/** The Jobs service: submit, resume, fork, list, show, cancel and watch; trainers, and draining them. */
export function jobsService(context: CoordinatorContext): ServiceHandlers['Jobs'] {
  const describe = (id: string): Job => context.book.describe(context.state(), id);
  return {
    Submit: unaryHandler(({ specJson }) => queueJob(context, { spec: parseJobSpec(parseJson(specJson)), origin: {} }, [])),
    Resume: unaryHandler((request) => queueContinued(context, request, resumedJob)),
    Fork: unaryHandler((request) => queueContinued(context, request, forkedJob)),
    // Get has the specification: in a list it would be most of every entry.
    List: unaryHandler(() => ({ jobs: context.book.ids().slice(-maxListed).map((id) => ({ ...describe(id), specJson: '' })) })),
    Get: unaryHandler(({ id }) => describe(id)),
    Cancel: unaryHandler(({ id }) => {
      context.book.get(id);
      context.dispatch({ type: 'jobCancelled', jobId: id });
      return describe(id);
    }),
    Watch: serverStreamHandler<JobRequest__Output, Job>((call) => watch(context, call, describe)),
    Drain: unaryHandler(({ name }) => {
      const trainer = context.state().trainers.find((other) => other.name === name);
      if (!trainer) throw new LangevinError('invalid_argument', `no trainer "${name}" is attached; \`langevin node ls\` lists those there are`);
      context.dispatch({ type: 'trainerDraining', trainerId: trainer.id, why: 'it was asked to' });
      return {};
    }),
    Trainers: unaryHandler(() => ({
      trainers: context.state().trainers.map(({ id, name, pullAddress, jobId, numerics }) => ({
        id,
        name,
        address: pullAddress,
        job: jobId ?? '',
        numerics: { ...numerics },
      })),
    })),
  };
}

/** What a watch needs of its call. */
interface WatchCall {
  readonly request: JobRequest__Output;
  write(job: Job): unknown;
  on(event: 'cancelled', listener: () => void): unknown;
}

/** Tells a caller of each change of a job until it has ended, or until the coordinator goes. */
function watch(context: CoordinatorContext, call: WatchCall, describe: (id: string) => Job): Promise<void> {
  return new Promise((resolve, reject) => {
    const tell = (): void => {
      const job = describe(call.request.id);
      call.write(job);
      if (hasEnded(job)) finish();
    };
    const unwatch = context.book.watch(call.request.id, tell);
    const finish = (error?: LangevinError): void => {
      unwatch();
      context.closing.removeEventListener('abort', leave);
      if (error) reject(error);
      else resolve();
    };
    const leave = (): void => finish(LangevinError.from(context.closing.reason));
    call.on('cancelled', () => finish());
    context.closing.addEventListener('abort', leave);
    try {
      tell();
    } catch (error) {
      finish(LangevinError.from(error));
    }
  });
}

type Continue<Request> = (store: ObjectStore, request: Request, warn: (message: string) => void) => Promise<ContinuedJob>;

/** Queues a job that goes on from a checkpoint. @throws LangevinError as `continued` and `queueJob` */
export async function queueContinued<Request>(context: CoordinatorContext, request: Request, continued: Continue<Request>): Promise<Job> {
  const warnings: string[] = [];
  const job = await continued(context.store, request, (message) => void warnings.push(message));
  warnings.forEach(context.log);
  return queueJob(context, job, warnings);
}

/**
 * Queues a job.
 * @param warnings what was passed over to find the job's checkpoint
 * @throws LangevinError `job_conflict`, `dataset_missing`, `checkpoint_corrupt`
 */
export async function queueJob(context: CoordinatorContext, { spec, origin }: ContinuedJob, warnings: readonly string[]): Promise<Job> {
  // What an earlier attempt has copied belongs to what this one may continue from.
  await context.publisher.settled(spec.name);
  const opened = await openJob(context.store, spec, origin, context.log);
  const record = { ...opened, warnings: [...warnings, ...opened.warnings] };
  // Only now: another caller may have submitted the same job meanwhile.
  const live = liveJob(context.state(), spec.name);
  // Whoever is not sure whether the job was submitted may submit it again.
  const isSame = origin.from === undefined && origin.parent === undefined;
  if (live && isSame && canonicalJson(context.book.get(spec.name).spec) === canonicalJson(spec)) return context.book.describe(context.state(), spec.name);
  if (live) {
    throw new LangevinError('job_conflict', `job "${spec.name}" is ${live.status.phase} already with another specification: see \`langevin job show ${spec.name}\`, or choose another name`);
  }
  context.book.add(spec.name, record);
  context.journal.record(spec.name, record);
  context.dispatch({ type: 'jobSubmitted', job: context.book.request(spec.name) });
  return context.book.describe(context.state(), spec.name);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new LangevinError('invalid_spec', 'job spec: not JSON', { cause });
  }
}

function hasEnded(job: Job): boolean {
  return job.phase === 'JOB_PHASE_SUCCEEDED' || job.phase === 'JOB_PHASE_FAILED' || job.phase === 'JOB_PHASE_CANCELLED';
}
