import type { Decision } from '../decision.js';
import type { Effect } from '../effect.js';
import type { ClusterEvent } from '../event.js';
import type { ExchangePlan } from '../exchange-plan.js';
import type { Job, Running } from '../job.js';
import type { Subtree } from '../plan.js';
import { findJob, findTrainer, joinersOf, membersOf } from '../records.js';
import { COORDINATOR } from '../replan.js';
import type { ClusterState } from '../state.js';

type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>;

/** Watches the decisions of one coordinator from outside: remembers what was said to and by whom, and throws at the first broken promise. */
export class PromiseWatch {
  /** The last committed step of each job's attempt. */
  readonly #committed = new Map<string, number>();
  /** Who said to hold which result, or state. */
  readonly #held = new Map<string, Set<string>>();
  /** Who has a state from which it can take part: told to begin from a checkpoint, given one by others, or back with its own. */
  readonly #equipped = new Set<string>();
  /** The next step that a joiner has to be told of. */
  readonly #informed = new Map<string, number>();
  /** Who is a member no more, by its own word. */
  #leaver: string | null = null;
  /** Whether somebody comes back who has applied what nobody has heard of. */
  #isReturn = false;
  #plan: { readonly jobId: string; readonly step: number; readonly plan: ExchangePlan } | null = null;

  /** @throws Error that names the broken promise */
  check(before: ClusterState, event: ClusterEvent, decision: Decision): void {
    const { next, effects, reason } = decision;
    promise(reason !== '', 'every decision has a reason');
    promise(next.generation >= before.generation, `the generation never falls: ${before.generation} → ${next.generation}`);
    if (next.trainers !== before.trainers || next.jobs !== before.jobs) this.#checkRoster(next);
    this.#note(before, next, event);
    this.#leaver = event.type === 'fellBehind' ? event.trainerId : null;
    this.#isReturn = event.type === 'trainerAttached' && (event.holds?.applied ?? 0) > (this.#committed.get(event.holds?.jobId ?? '') ?? 0);
    for (const effect of effects) this.#follow(before, next, effect, effects);
    checkCheckpoints(next);
  }

  #note(before: ClusterState, next: ClusterState, event: ClusterEvent): void {
    if (event.type === 'prepared') this.#says(event.trainerId, `${event.jobId} ${event.step} ${event.digest}`);
    if (event.type === 'stateFetched') this.#equipped.add(event.trainerId);
    const isNews = next.jobs !== before.jobs;
    if (isNews && (event.type === 'jobReopened' || event.type === 'jobSubmitted')) this.#committed.set(event.job.id, event.job.startStep);
    if (event.type === 'recovered') for (const { request, committed } of event.jobs) this.#committed.set(request.id, committed);
    if (event.type !== 'trainerAttached' || !event.holds || findTrainer(before, event.trainerId)) return;
    const { trainerId, holds } = event;
    this.#equipped.add(trainerId);
    this.#says(trainerId, `${holds.jobId} ${holds.applied} ${holds.chain}`);
    if (holds.prepared) this.#says(trainerId, `${holds.jobId} ${holds.applied + 1} ${holds.prepared.digest}`);
  }

  #says(trainerId: string, what: string): void {
    const said = this.#held.get(trainerId) ?? new Set();
    this.#held.set(trainerId, said.add(what));
  }

  #follow(before: ClusterState, next: ClusterState, effect: Effect, all: readonly Effect[]): void {
    if ('trainerId' in effect) checkRecipient(before, next, effect, all);
    switch (effect.type) {
      case 'startJob':
        if (effect.joins) this.#equipped.delete(effect.trainerId);
        else this.#equipped.add(effect.trainerId);
        this.#informed.delete(effect.trainerId);
        return;
      case 'stepCommitted':
        return this.#checkCommit(before, next, effect, all);
      case 'stepBegun':
        return this.#checkPlan(next, effect, all);
      case 'fetchState':
        this.#informed.set(effect.trainerId, effect.step + 1);
        promise(effect.donors.every((id) => all.some((other) => other.type === 'shareState' && other.trainerId === id && other.step === effect.step)), `the donors of ${effect.trainerId} share the state`);
        promise(!all.slice(0, all.indexOf(effect)).some((other) => other.type === 'stepBegun'), 'the state is shared before the next step begins');
        return;
      case 'stopJob':
        this.#informed.delete(effect.trainerId);
        return;
      default:
    }
  }

  #checkCommit(before: ClusterState, next: ClusterState, { jobId, step, digest }: EffectOf<'stepCommitted'>, all: readonly Effect[]): void {
    const last = this.#committed.get(jobId);
    const isRecovery = this.#isReturn || runningOf(before, jobId)?.stage.kind === 'recovering';
    promise(last === undefined || step === last + 1 || (isRecovery && step > last), `step ${step} is committed once, after step ${last}`);
    this.#committed.set(jobId, step);
    const told = all.filter((effect): effect is EffectOf<'commit'> => effect.type === 'commit' && effect.step === step).map(({ trainerId }) => trainerId);
    if (isRecovery) return promise([...this.#held.values()].some((said) => said.has(`${jobId} ${step} ${digest}`)), `somebody who is back has said to hold step ${step}`);
    const gone = new Set(all.flatMap((effect) => (effect.type === 'dropTrainer' || effect.type === 'stopJob' ? [effect.trainerId] : [])));
    const members = membersOf(jobOf(before, jobId)).filter(({ trainerId }) => findTrainer(before, trainerId) && (findTrainer(next, trainerId) || told.includes(trainerId)) && !gone.has(trainerId) && trainerId !== this.#leaver);
    promise(members.length > 0 || this.#plan === null, `somebody holds step ${step}`);
    for (const { trainerId } of members) {
      promise(this.#held.get(trainerId)?.has(`${jobId} ${step} ${digest}`), `${trainerId} has prepared step ${step} with ${digest}`);
      promise(told.includes(trainerId), `${trainerId} is told that step ${step} is committed`);
    }
    for (const { trainerId, progress } of joinersOf(jobOf(before, jobId))) {
      const isAnew = all.some((other) => other.type === 'fetchState' && other.trainerId === trainerId);
      const isStill = !isAnew && runningOf(next, jobId)?.joiners.find((joiner) => joiner.trainerId === trainerId)?.progress === progress;
      if (isStill && (progress === 'fetching' || progress === 'replaying')) promise(told.includes(trainerId), `the joiner ${trainerId} is told that step ${step} is committed`);
    }
  }

  #checkPlan(next: ClusterState, { jobId, step, plan }: EffectOf<'stepBegun'>, all: readonly Effect[]): void {
    const job = jobOf(next, jobId);
    const last = this.#committed.get(jobId);
    promise(last === undefined || step === last + 1, `step ${step} runs after step ${last}`);
    promise(plan.generation >= (this.#plan?.plan.generation ?? 0), 'a plan is no older than the one before');
    this.#plan = { jobId, step, plan };
    promise(isPartition(plan.shares.flatMap(({ subtrees }) => subtrees.map(({ first, leaves }) => [first, leaves] as const)), job.request.virtualWorkers), `every leaf of step ${step} has one owner`);
    promise(isPartition(plan.chunks.map(({ firstBlock, blocks }) => [firstBlock, blocks] as const), job.request.blocks), `every block of step ${step} has one owner`);
    for (const { subtrees } of plan.shares) promise(subtrees.every(isAligned), 'subtrees are aligned');
    const run = runningOf(next, jobId);
    if (!run) return;
    const members = new Set(run.members.map(({ trainerId }) => trainerId));
    promise(plan.chunks.every(({ ownerId }) => ownerId === COORDINATOR || members.has(ownerId)), 'blocks are owned by members');
    const isHeld = run.stage.kind === 'stepping' && run.stage.prepared.count > 0;
    promise(isHeld || plan.shares.every(({ trainerId, subtrees }) => subtrees.length === 0 || members.has(trainerId)), 'leaves are owned by members, unless somebody holds the result');
    const told = new Set(all.flatMap((effect) => (effect.type === 'runStep' ? [effect.trainerId] : [])));
    for (const id of members) {
      promise(told.has(id), `${id} is told of step ${step}`);
      promise(this.#equipped.has(id), `${id} has a state to run step ${step} on`);
      this.#informed.delete(id);
    }
    for (const { trainerId, progress } of run.joiners) {
      if (progress === 'fetching' || progress === 'replaying') promise(told.has(trainerId), `the joiner ${trainerId} is told of step ${step}`);
    }
  }

  #checkRoster(state: ClusterState): void {
    const live = state.jobs.filter(({ status }) => status.phase === 'starting' || status.phase === 'running');
    promise(live.length <= 1, 'one job at a time holds the trainers');
    const holds = new Map(live.flatMap((job) => [...membersOf(job), ...joinersOf(job)].map(({ trainerId }) => [trainerId, job.request.id] as const)));
    promise(holds.size === live.reduce((sum, job) => sum + membersOf(job).length + joinersOf(job).length, 0), 'nobody is in a job twice');
    for (const { id, jobId } of state.trainers) promise((holds.get(id) ?? null) === jobId, `trainer ${id} and its job agree`);
    for (const id of holds.keys()) promise(findTrainer(state, id), `${id} of a job is attached`);
    promise(new Set(state.trainers.map(({ name }) => name)).size === state.trainers.length, 'live names are unique');
    promise(new Set(state.jobs.map(({ request }) => request.id)).size === state.jobs.length, 'job ids are unique');
    promise(state.trainers.every(({ draining, jobId }) => draining === null || jobId !== null), 'whoever drains and has nothing to do is let go');
  }
}

function checkRecipient(before: ClusterState, next: ClusterState, effect: EffectOf<'startJob'> | Exclude<Effect, { type: 'jobChanged' }>, all: readonly Effect[]): void {
  if (!('trainerId' in effect)) return;
  const { trainerId, type } = effect;
  if (type === 'refuseTrainer') return;
  const isLast = type === 'dropTrainer' || type === 'releaseTrainer';
  const isLeaving = all.some((other) => other.type === 'releaseTrainer' && other.trainerId === trainerId);
  promise(findTrainer(next, trainerId) || ((isLast || isLeaving) && findTrainer(before, trainerId)), `${type} goes to an attached trainer, not ${trainerId}`);
}

function checkCheckpoints({ jobs }: ClusterState): void {
  for (const { request, copying, storing, status, checkpoint } of jobs) {
    promise(copying === null || storing.includes(copying.step), `the checkpoint of ${request.id} that is copied is one that is stored`);
    if (status.phase !== 'succeeded') continue;
    promise(storing.length === 0, `${request.id} has succeeded when all of its checkpoints are stored`);
    promise(request.startStep >= request.totalSteps || checkpoint?.step === request.totalSteps, `${request.id} has succeeded with its last state in the store`);
  }
}

function isPartition(parts: readonly (readonly [first: number, length: number])[], whole: number): boolean {
  let next = 0;
  for (const [first, length] of [...parts].sort((a, b) => a[0] - b[0])) {
    if (first !== next || length < 1) return false;
    next += length;
  }
  return next === whole;
}

function isAligned({ first, leaves }: Subtree): boolean {
  return first % leaves === 0 && Number.isInteger(Math.log2(leaves));
}

function runningOf(state: ClusterState, jobId: string): Running | undefined {
  const job = findJob(state, jobId);
  return job?.status.phase === 'running' ? job.status : undefined;
}

function jobOf(state: ClusterState, jobId: string): Job {
  const job = findJob(state, jobId);
  promise(job !== undefined, `job ${jobId} is known`);
  return job;
}

function promise(holds: unknown, what: string): asserts holds {
  if (!holds) throw new Error(`broken: ${what}`);
}
