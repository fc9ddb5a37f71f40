import { LangevinError } from '@langevin/contracts';
import { duplexHandler } from '@langevin/rpc';
import type { CoordinatorMessage, Hello__Output, ServiceHandlers, TrainerMessage__Output } from '@langevin/rpc';
import type { CoordinatorContext } from './context.js';

/** The coordinator's term; it grows when coordinators can take over from one another. */
const term = 1;

/** The Cluster service: turns what trainers say into events. */
export function clusterService(context: CoordinatorContext): ServiceHandlers['Cluster'] {
  return {
    Attach: duplexHandler<TrainerMessage__Output, CoordinatorMessage>(
      (call) =>
        new Promise((resolve, reject) => {
          let trainerId: string | undefined;
          const end = (error?: LangevinError): void => (error ? reject(error) : resolve());
          call.on('data', (message: TrainerMessage__Output) => {
            try {
              if (trainerId !== undefined) return hear(context, trainerId, message);
              if (!message.hello) throw new LangevinError('invalid_argument', 'the first message on Attach must be Hello');
              trainerId = attach(context, message.hello, (reply) => void call.write(reply), end);
            } catch (thrown) {
              // A message that cannot be heard costs its sender the connection, and nobody else.
              end(LangevinError.from(thrown));
            }
          });
          const gone = (why: string) => (): void => {
            if (trainerId !== undefined) detach(context, trainerId, why);
            end();
          };
          call.on('end', gone('connection closed'));
          call.on('cancelled', gone('connection closed'));
          call.on('error', (error: Error) => gone(`connection failed: ${error.message}`)());
        }),
    ),
  };
}

/** Takes a trainer in: Welcome is the first thing that it hears, unless it is refused. */
function attach(context: CoordinatorContext, hello: Hello__Output, send: (reply: CoordinatorMessage) => void, end: (error?: LangevinError) => void): string {
  const { name, version, incarnation, pullAddress, numerics } = hello;
  // What follows from the trainer's coming is held back: Welcome is its first message, and a refused one gets none.
  let held: CoordinatorMessage[] | null = [];
  const trainerId = context.connections.add(name, pullAddress, (reply) => (held ? void held.push(reply) : send(reply)), end);
  context.dispatch({ type: 'trainerAttached', trainerId, name, version, incarnation, pullAddress, numerics });
  if (!context.state().trainers.some(({ id }) => id === trainerId)) return trainerId;
  send({
    welcome: { trainerId, heartbeatMs: context.state().config.heartbeatMs, cluster: context.cluster, term },
  });
  held.forEach(send);
  held = null;
  return trainerId;
}

function detach(context: CoordinatorContext, trainerId: string, why: string): void {
  context.connections.remove(trainerId);
  context.reports.delete(trainerId);
  context.dispatch({ type: 'trainerDetached', trainerId, why });
}

function hear(context: CoordinatorContext, trainerId: string, message: TrainerMessage__Output): void {
  const { dispatch, reductions } = context;
  if (message.heartbeat) {
    const { memoryBytes, threads, step } = message.heartbeat;
    const stepMs = step && { compute: step.computeMs, wait: step.waitMs, exchange: step.exchangeMs };
    context.reports.set(trainerId, { memoryBytes: Number(memoryBytes), threads, stepMs });
    dispatch({ type: 'heartbeat', trainerId, progress: Number(message.heartbeat.progress) });
  } else if (message.ready) {
    dispatch({ type: 'trainerReady', trainerId, jobId: message.ready.job, numerics: message.ready.numerics });
  } else if (message.partialReady) {
    void reductions.fetch(trainerId, message.partialReady);
  } else if (message.prepared) {
    const { job, step, resultDigest } = message.prepared;
    dispatch({ type: 'prepared', trainerId, jobId: job, step: Number(step), digest: resultDigest });
  } else if (message.stateReady) {
    const files = message.stateReady.files.map(({ role, content }) => ({ role, digest: content?.digest ?? '', size: Number(content?.size) }));
    dispatch({ type: 'stateReported', trainerId, jobId: message.stateReady.job, step: Number(message.stateReady.step), files });
  } else if (message.failed) {
    const { job, code, message: text } = message.failed;
    dispatch({ type: 'trainerFailed', trainerId, jobId: job, code, message: text });
  }
}
