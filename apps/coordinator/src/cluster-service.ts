import type { HeldState } from '@langevin/cluster-core';
import { LangevinError } from '@langevin/contracts';
import { duplexHandler } from '@langevin/rpc';
import { describeComparison } from './self-check.js';
import type { Checked__Output, CoordinatorMessage, Hello__Output, ServiceHandlers, TrainerMessage__Output } from '@langevin/rpc';
import type { CoordinatorContext } from './context.js';

/** The Cluster service: turns what trainers say into events. */
export function clusterService(context: CoordinatorContext): ServiceHandlers['Cluster'] {
  return {
    Attach: duplexHandler<TrainerMessage__Output, CoordinatorMessage>(
      (call) =>
        new Promise((resolve, reject) => {
          let trainerId: string | undefined;
          const end = (error?: LangevinError): void => (error ? reject(error) : resolve());
          const send = (reply: CoordinatorMessage): void => {
            context.tally.send(reply);
            call.write(reply);
          };
          call.on('data', (message: TrainerMessage__Output) => {
            context.tally.receive(message.body);
            try {
              if (trainerId !== undefined) return hear(context, trainerId, message);
              if (!message.hello) throw new LangevinError('invalid_argument', 'the first message on Attach must be Hello');
              trainerId = attach(context, message.hello, send, end);
            } catch (thrown) {
              // A message that cannot be heard costs its sender the connection, and nobody else.
              end(LangevinError.from(thrown));
            }
          });
          const gone = (why: string) => (): void => {
            if (trainerId !== undefined) detach(context, trainerId, why);
            end();
          };
          call.on('end', () => {
            if (trainerId === undefined) return end(new LangevinError('invalid_argument', 'the stream on Attach ended before its Hello'));
            gone('connection closed')();
          });
          call.on('cancelled', gone('connection closed'));
          call.on('error', (error: Error) => gone(`connection failed: ${error.message}`)());
        }),
    ),
  };
}

/** Takes a trainer in: Welcome is the first thing that it hears, unless it is refused. */
function attach(context: CoordinatorContext, hello: Hello__Output, send: (reply: CoordinatorMessage) => void, end: (error?: LangevinError) => void): string {
  refuseStranger(context, hello);
  const { name, version, incarnation, pullAddress, numerics } = hello;
  const holds = heldState(hello.holds);
  // What follows from the trainer's coming is held back: Welcome is its first message, and a refused one gets none.
  let held: CoordinatorMessage[] | null = [];
  const trainerId = context.connections.add(hello, (reply) => (held ? void held.push(reply) : send(reply)), end);
  context.detector.heard(trainerId, context.clock());
  context.dispatch({ type: 'trainerAttached', trainerId, name, version, incarnation, pullAddress, numerics, holds });
  const trainer = context.state().trainers.find(({ id }) => id === trainerId);
  if (!trainer) return trainerId;
  send({ welcome: { trainerId, heartbeatMs: context.state().config.heartbeatMs, cluster: context.cluster, term: context.term } });
  // A job that it worked on may have ended, or gone on without it.
  if (holds && trainer.jobId !== holds.jobId) send({ stopJob: { job: holds.jobId, reason: 'the job went on without this trainer' } });
  held.forEach(send);
  held = null;
  return trainerId;
}

/** A trainer that has seen a higher term knows that another coordinator has taken over; one of another cluster came to the wrong door. */
function refuseStranger({ term, cluster, suspectFence, isAwake }: CoordinatorContext, hello: Hello__Output): void {
  if (!isAwake()) throw new LangevinError('unavailable', 'this coordinator has slept and finds out whether another has taken over: try again');
  if (Number(hello.term) > term) {
    const seen = new LangevinError('unavailable', `trainer "${hello.name}" has seen term ${hello.term}, this coordinator has term ${term}: another has taken over`);
    suspectFence(seen.message);
    throw seen;
  }
  if (hello.cluster !== '' && hello.cluster !== cluster) {
    throw new LangevinError('invalid_argument', `trainer "${hello.name}" works for cluster ${hello.cluster}, this coordinator is that of ${cluster}: start the trainer anew`);
  }
}

function heldState(holds: Hello__Output['holds']): HeldState | null {
  if (!holds) return null;
  const { job: jobId, step, chain, loss, prepared } = holds;
  const result = prepared && { digest: prepared.digest, loss: prepared.loss, norm: prepared.norm, finite: prepared.finite };
  return { jobId, applied: Number(step), chain, loss, prepared: result ?? null };
}

/** The end of a trainer's connection. */
function detach(context: CoordinatorContext, trainerId: string, why: string): void {
  context.connections.remove(trainerId);
  context.reports.delete(trainerId);
  context.steps.forget(trainerId);
  context.dispatch({ type: 'trainerDetached', trainerId, why });
  context.detector.forget(trainerId);
}

function hear(context: CoordinatorContext, trainerId: string, message: TrainerMessage__Output): void {
  const { dispatch, detector, clock } = context;
  detector.heard(trainerId, clock());
  if (message.heartbeat) {
    const { memoryBytes, threads, step, leavesLeft } = message.heartbeat;
    const stepMs = step && { compute: step.computeMs, wait: step.waitMs, exchange: step.exchangeMs };
    context.reports.set(trainerId, { memoryBytes: Number(memoryBytes), threads, stepMs, leavesLeft });
  } else if (message.ready) {
    dispatch({ type: 'trainerReady', trainerId, jobId: message.ready.job, numerics: message.ready.numerics });
  } else if (message.prepared) {
    const { job, step, digest, loss, norm, finite, leafMs } = message.prepared;
    dispatch({ type: 'prepared', trainerId, jobId: job, step: Number(step), digest, loss, norm, finite, leafMs });
  } else if (message.stateReady) {
    const files = message.stateReady.files.map(({ role, content }) => ({ role, digest: content?.digest ?? '', size: Number(content?.size) }));
    dispatch({ type: 'stateReported', trainerId, jobId: message.stateReady.job, step: Number(message.stateReady.step), files });
  } else if (message.failed) {
    const { job, code, message: text } = message.failed;
    dispatch({ type: 'trainerFailed', trainerId, jobId: job, code, message: text });
  } else if (message.trouble) {
    const { job, peer, problem } = message.trouble;
    dispatch({ type: 'peerTrouble', trainerId, jobId: job, peerId: peer, problem, peerSilentMs: Math.round(detector.silentMs(peer, clock())) });
  } else if (message.stateFetched) {
    dispatch({ type: 'stateFetched', trainerId, jobId: message.stateFetched.job, step: Number(message.stateFetched.step) });
  } else if (message.fellBehind) {
    dispatch({ type: 'fellBehind', trainerId, jobId: message.fellBehind.job, step: Number(message.fellBehind.step) });
  } else if (message.checked) {
    compare(context, trainerId, message.checked);
  } else if (message.leaving) {
    dispatch({ type: 'trainerDraining', trainerId, why: message.leaving.reason || 'it was told to stop' });
  }
}

/** Two trainers have computed the same leaves: a difference is told to people. */
function compare({ checks, compared, state, log }: CoordinatorContext, trainerId: string, { job, step, subtree, digest }: Checked__Output): void {
  const trainer = state().trainers.find(({ id }) => id === trainerId);
  if (!trainer || !subtree) return;
  const comparison = checks.note(job, { trainer: trainer.name, step: Number(step), subtree, digest });
  if (!comparison) return;
  compared(job, comparison);
  if (!comparison.isEqual) log(`warning: ${describeComparison(comparison)}`);
}
