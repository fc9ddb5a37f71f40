import type { Decision } from '../decision.js';
import type { Effect } from '../effect.js';
import type { ClusterEvent } from '../event.js';
import type { Job } from '../job.js';
import type { Subtree } from '../plan.js';
import { membersOf } from '../records.js';
import type { ClusterState } from '../state.js';

type EffectOf<T extends Effect['type']> = Extract<Effect, { type: T }>;

/** Watches decisions from the outside: remembers what was promised to whom, and throws at the first broken promise. */
export class InvariantWatch {
  /** Of the live attempt, which every `startJob` begins anew. */
  private step = 0;
  private readonly partials = new Set<string>();
  /** Who was told to compute which leaf. */
  private readonly owners = new Map<number, string>();
  private readonly prepared = new Set<string>();

  /** @throws Error that names the broken invariant */
  check(before: ClusterState, event: ClusterEvent, decision: Decision): void {
    const { next, effects, reason } = decision;
    require(reason !== '', 'every decision has a reason');
    require(JSON.stringify(JSON.parse(JSON.stringify(next))) === JSON.stringify(next), 'the state is JSON');
    this.checkRoster(next);
    this.checkCheckpoints(next);
    const started = effects.find((effect) => effect.type === 'startJob');
    if (started) this.begin(next, started.jobId);
    if (event.type === 'prepared') this.prepared.add(`${event.trainerId} ${event.jobId} ${event.step} ${event.digest}`);
    this.checkCommits(before, effects);
    this.checkPartials(effects);
    this.checkPlan(next, effects);
    this.checkRecipients(next, effects);
  }

  private begin(state: ClusterState, jobId: string): void {
    this.step = jobOf(state, jobId).request.startStep;
    this.partials.clear();
    this.prepared.clear();
  }

  private checkRoster(state: ClusterState): void {
    const live = state.jobs.filter((job) => membersOf(job).length > 0);
    require(live.length <= 1, 'one job at a time holds the trainers');
    const held = live.flatMap((job) => membersOf(job).map(({ trainerId }) => `${trainerId} ${job.request.id}`)).sort();
    const working = state.trainers.flatMap(({ id, jobId }) => (jobId === null ? [] : [`${id} ${jobId}`])).sort();
    require(held.join() === working.join(), `trainers and job agree on who works: ${held.join()} and ${working.join()}`);
    require(new Set(state.trainers.map(({ name }) => name)).size === state.trainers.length, 'live names are unique');
    require(new Set(state.jobs.map(({ request }) => request.id)).size === state.jobs.length, 'job ids are unique');
  }

  private checkCheckpoints({ jobs }: ClusterState): void {
    for (const { request, copying, storing, status } of jobs) {
      require(copying === null || copying === storing.at(-1), `the checkpoint of ${request.id} that is copied is the newest that is stored`);
      require(status.phase !== 'succeeded' || storing.length === 0, `${request.id} has succeeded when all its checkpoints are stored`);
      if (status.phase === 'running' && status.stage.kind === 'waiting') require(copying !== null, `${request.id} waits for a copy alone`);
    }
  }

  private checkCommits(before: ClusterState, effects: readonly Effect[]): void {
    const commits = effects.filter((effect): effect is EffectOf<'commit'> => effect.type === 'commit');
    const [first] = commits;
    if (!first) return;
    const { jobId, step } = first;
    require(step === this.step + 1, `step ${step} is committed once, after step ${this.step}`);
    this.step = step;
    const job = jobOf(before, jobId);
    require(job.status.phase === 'running' && job.status.stage.kind === 'agreeing', 'only an agreed result is committed');
    const digest = job.status.phase === 'running' && job.status.stage.kind === 'agreeing' ? job.status.stage.digest : '';
    const ids = membersOf(job).map(({ trainerId }) => trainerId);
    require(commits.map(({ trainerId }) => trainerId).join() === ids.join(), 'everybody is told of a commit');
    for (const id of ids) {
      require(this.prepared.has(`${id} ${jobId} ${step} ${digest}`), `${id} has prepared step ${step} with ${digest}`);
    }
  }

  private checkPartials(effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (effect.type === 'announceResult') {
        const isWhole = [...this.owners.keys()].every((leaf) => this.partials.has(`${effect.step} ${leaf}`));
        require(isWhole, `the result of step ${effect.step} holds every leaf`);
      }
      if (effect.type !== 'addPartial') continue;
      for (const leaf of leavesOf(effect.subtree)) {
        require(this.owners.get(leaf) === effect.trainerId, `leaf ${leaf} comes from its owner`);
        const key = `${effect.step} ${leaf}`;
        require(!this.partials.has(key), `leaf ${leaf} of step ${effect.step} is added once`);
        this.partials.add(key);
      }
    }
  }

  private checkPlan(state: ClusterState, effects: readonly Effect[]): void {
    const runs = effects.filter((effect): effect is EffectOf<'runStep'> => effect.type === 'runStep');
    const [first] = runs;
    if (!first) return;
    require(first.step === this.step + 1, `step ${first.step} runs after step ${this.step}`);
    const job = jobOf(state, first.jobId);
    const leaves = runs.flatMap(({ subtrees }) => subtrees.flatMap(leavesOf));
    const expected = Array.from({ length: job.request.virtualWorkers }, (_, leaf) => leaf);
    require(leaves.sort((a, b) => a - b).join() === expected.join(), 'every virtual worker has one owner');
    this.owners.clear();
    for (const { trainerId, subtrees } of runs) subtrees.flatMap(leavesOf).forEach((leaf) => this.owners.set(leaf, trainerId));
    require(runs.map(({ trainerId }) => trainerId).join() === membersOf(job).map(({ trainerId }) => trainerId).join(), 'everybody runs the step');
  }

  private checkRecipients(next: ClusterState, effects: readonly Effect[]): void {
    for (const effect of effects) {
      if (!('trainerId' in effect) || effect.type === 'refuseTrainer' || effect.type === 'dropTrainer') continue;
      const isKnown = next.trainers.some(({ id }) => id === effect.trainerId);
      require(isKnown, `${effect.type} goes to an attached trainer, not ${effect.trainerId}`);
    }
  }
}

function leavesOf({ first, leaves }: Subtree): number[] {
  return Array.from({ length: leaves }, (_, index) => first + index);
}

function jobOf(state: ClusterState, jobId: string): Job {
  const job = state.jobs.find(({ request }) => request.id === jobId);
  require(job !== undefined, `job ${jobId} is known`);
  return job;
}

function require(holds: boolean, promise: string): asserts holds {
  if (!holds) throw new Error(`broken: ${promise}`);
}
