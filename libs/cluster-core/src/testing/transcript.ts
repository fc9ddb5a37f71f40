import { decide } from '../decide.js';
import type { Effect } from '../effect.js';
import type { ClusterEvent } from '../event.js';
import type { ExchangePlan } from '../exchange-plan.js';
import { findJob } from '../records.js';
import { PromiseWatch } from '../simulation/promise-watch.js';
import { createClusterState, type ClusterState } from '../state.js';
import { jobView, waitingFor } from '../view.js';
import { goodEvents } from './good-events.js';
import { parseCommand } from './transcript-command.js';

/**
 * Plays a transcript: paragraphs of comments and commands, each with a line `----` and what came of it. Returns the
 * same transcript with what really came of it, so that equality means that it holds. Every decision keeps the promises.
 */
export function playTranscript(text: string): string {
  const player = new Player();
  const paragraphs = text.trim().split(/\n\s*\n/);
  return `${paragraphs.map((paragraph) => playParagraph(player, paragraph)).join('\n\n')}\n`;
}

function playParagraph(player: Player, paragraph: string): string {
  const lines = paragraph.split('\n');
  const end = lines.indexOf('----');
  const input = end < 0 ? lines : lines.slice(0, end);
  const commands = input.filter((line) => !line.startsWith('#'));
  if (commands.length === 0) return paragraph;
  return [...input, '----', ...commands.flatMap((line) => player.play(line.trim()))].join('\n');
}

class Player {
  #state: ClusterState = createClusterState({ version: '0.1.0' });
  #watch = new PromiseWatch();
  #nowMs = 0;

  play(line: string): string[] {
    const at = /^at (\d+) (.*)$/.exec(line);
    if (at) this.#nowMs = Number(at[1]);
    const command = at?.[2] ?? line;
    const [verb, jobId = '', step] = command.split(' ');
    if (verb === 'show') return [this.#show(jobId)];
    if (verb === 'train') return this.#train(jobId, Number(step));
    if (verb === 'restart') return this.#restart();
    return this.#decide(parseCommand(command));
  }

  #decide(event: ClusterEvent): string[] {
    const before = this.#state;
    const decision = decide(before, event, this.#nowMs);
    this.#watch.check(before, event, decision);
    this.#state = decision.next;
    return [decision.reason, ...decision.effects.flatMap(describe)];
  }

  /** The coordinator is killed, and another one begins with its log. */
  #restart(): string[] {
    const { jobs, generation } = this.#state;
    this.#state = createClusterState({ version: '0.1.0' });
    this.#watch = new PromiseWatch();
    return this.#decide({ type: 'recovered', jobs: JSON.parse(JSON.stringify(jobs)), generation });
  }

  /** Trainers and store behave until the step is committed, everybody has come in and has begun the next one. */
  #train(jobId: string, step: number): string[] {
    for (;;) {
      const job = findJob(this.#state, jobId);
      const run = job?.status.phase === 'running' ? job.status : undefined;
      const [event] = goodEvents(this.#state);
      const isThere = (job?.committed ?? 0) >= step && run?.stage.kind === 'stepping' && run.joiners.length === 0 && job?.storing.length === 0;
      if (!event || isThere) return [this.#show(jobId)];
      this.#decide(event);
    }
  }

  #show(jobId: string): string {
    const view = jobView(this.#state, jobId);
    if (!view) return `${jobId}: unknown`;
    const waits = waitingFor(this.#state, jobId);
    const checkpoint = view.lastCheckpoint === null ? '' : `, ${view.checkpoints} checkpoints, last ${view.lastCheckpoint}`;
    const error = view.errorCode === null ? '' : ` ${view.errorCode}`;
    const state = `${view.phase}${error} ${view.step}/${view.totalSteps}${checkpoint}`;
    return `${jobId}: ${state}; waits for ${waits.join(', ') || 'no trainer'}; ${view.reason}`;
  }
}

function describe(effect: Effect): string[] {
  const text = effectText(effect);
  return text === undefined ? [] : [`  ${text}`];
}

/** Undefined for what only says again what is there already. */
function effectText(effect: Effect): string | undefined {
  switch (effect.type) {
    case 'startJob':
      return `${effect.trainerId} <- ${effect.joins ? 'join' : 'start'} ${effect.jobId}`;
    case 'runStep':
      return `${effect.trainerId} <- run ${effect.jobId} step ${effect.step} plan ${effect.plan.generation}: ${part(effect.plan, effect.trainerId)}`;
    case 'commit':
      return `${effect.trainerId} <- commit ${effect.jobId} step ${effect.step} ${effect.digest}`;
    case 'shareState':
      return `${effect.trainerId} <- share the state after step ${effect.step}, part ${effect.part + 1}/${effect.parts}`;
    case 'dropState':
      return `${effect.trainerId} <- drop the copy after step ${effect.step}`;
    case 'fetchState':
      return `${effect.trainerId} <- fetch the state after step ${effect.step} (${effect.chain || 'nothing'}) from ${effect.donors.join(' ')}`;
    case 'takeState':
      return `${effect.trainerId} <- take state ${effect.jobId} step ${effect.step}${effect.final ? ' final' : ''}`;
    case 'stopJob':
      return `${effect.trainerId} <- stop ${effect.jobId}`;
    case 'refuseTrainer':
      return `${effect.trainerId} <- refuse ${effect.jobId ?? 'connection'} ${effect.code}`;
    case 'dropTrainer':
      return `${effect.trainerId} <- drop ${effect.code}`;
    case 'releaseTrainer':
      return `${effect.trainerId} <- release`;
    case 'storeCheckpoint':
      return `store <- ${effect.jobId} step ${effect.step} of ${effect.fromTrainerId} ${effect.files.map((file) => `${file.role}=${file.digest}`).join(' ')}`;
    case 'reopenJob':
      return `store <- where does ${effect.jobId} go on`;
    case 'stepBegun':
    case 'stepCommitted':
    case 'jobChanged':
      return undefined;
  }
}

function part({ shares, chunks }: ExchangePlan, trainerId: string): string {
  const leaves = shares.find((share) => share.trainerId === trainerId)?.subtrees ?? [];
  const blocks = chunks.filter(({ ownerId }) => ownerId === trainerId);
  return `leaves ${leaves.map(({ first, leaves: count }) => range(first, count)).join(' ') || 'none'}, blocks ${blocks.map((chunk) => range(chunk.firstBlock, chunk.blocks)).join(' ') || 'none'}`;
}

function range(first: number, count: number): string {
  return count === 1 ? `${first}` : `${first}-${first + count - 1}`;
}
