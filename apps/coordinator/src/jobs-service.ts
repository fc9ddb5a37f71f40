import { LangevinError, parseJobSpec } from '@langevin/contracts';
import { serverStreamHandler, unaryHandler } from '@langevin/rpc';
import type { Job, JobRequest__Output, ServiceHandlers } from '@langevin/rpc';
import type { CoordinatorContext } from './context.js';
import { openJob } from './open-job.js';

/** The Jobs service: submit, list, show, cancel and watch. */
export function jobsService(context: CoordinatorContext): ServiceHandlers['Jobs'] {
  const describe = (id: string): Job => context.book.describe(context.state(), id);
  return {
    Submit: unaryHandler(async ({ specJson }) => submit(context, specJson)),
    List: unaryHandler(() => ({ jobs: context.book.ids().map(describe) })),
    Get: unaryHandler(({ id }) => describe(id)),
    Cancel: unaryHandler(({ id }) => {
      context.book.get(id);
      context.dispatch({ type: 'jobCancelled', jobId: id });
      return describe(id);
    }),
    Watch: serverStreamHandler<JobRequest__Output, Job>((call) => watch(context, call, describe)),
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

async function submit(context: CoordinatorContext, specJson: string): Promise<Job> {
  const spec = parseJobSpec(parseJson(specJson));
  const record = await openJob(context.store, spec, context.log);
  // Only now: another caller may have submitted the same job meanwhile.
  const live = context.state().jobs.find((job) => job.request.id === spec.name && ['queued', 'starting', 'running'].includes(job.status.phase));
  if (live) {
    throw new LangevinError('job_conflict', `job "${spec.name}" is ${live.status.phase} already: see \`langevin job show ${spec.name}\`, or choose another name`);
  }
  context.book.add(spec.name, record);
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
