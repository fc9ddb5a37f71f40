import { decide } from '../decide.js';
import type { Effect } from '../effect.js';
import type { Subtree } from '../plan.js';
import { findJob } from '../records.js';
import { createClusterState, type ClusterState } from '../state.js';
import { jobView, waitingFor } from '../view.js';
import { goodEvents } from './good-events.js';
import { parseCommand } from './transcript-command.js';

/**
 * Plays a transcript: paragraphs of comments and commands, each with a line `----` and what came of it. Returns the
 * same transcript with what really came of it, so that equality means that it holds.
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
  private state: ClusterState = createClusterState({ version: '0.1.0' });
  private nowMs = 0;

  play(line: string): string[] {
    const at = /^at (\d+) (.*)$/.exec(line);
    if (at) this.nowMs = Number(at[1]);
    const command = at?.[2] ?? line;
    const [verb, jobId = '', step] = command.split(' ');
    if (verb === 'show') return [this.show(jobId)];
    if (verb === 'train') return this.train(jobId, Number(step));
    const { next, effects, reason } = decide(this.state, parseCommand(command), this.nowMs);
    this.state = next;
    return [reason, ...effects.map((effect) => `  ${describe(effect)}`)];
  }

  /** Trainers, reducer and store behave until the step is committed and all have fallen silent or begun the next one. */
  private train(jobId: string, step: number): string[] {
    for (;;) {
      const job = findJob(this.state, jobId);
      const run = job?.status.phase === 'running' ? job.status : undefined;
      const [event] = goodEvents(this.state);
      const isThere = (job?.committed ?? 0) >= step && run?.stage.kind === 'computing' && job?.storing.length === 0;
      if (!event || isThere) return [this.show(jobId)];
      this.state = decide(this.state, event, this.nowMs).next;
    }
  }

  private show(jobId: string): string {
    const view = jobView(this.state, jobId);
    if (!view) return `${jobId}: unknown`;
    const waits = waitingFor(this.state, jobId);
    const checkpoint = view.lastCheckpoint === null ? '' : `, ${view.checkpoints} checkpoints, last ${view.lastCheckpoint}`;
    const error = view.errorCode === null ? '' : ` ${view.errorCode}`;
    const state = `${view.phase}${error} ${view.step}/${view.totalSteps}${checkpoint}`;
    return `${jobId}: ${state}; waits for ${waits.join(', ') || 'no trainer'}; ${view.reason}`;
  }
}

function describe(effect: Effect): string {
  switch (effect.type) {
    case 'startJob':
      return `${effect.trainerId} <- start ${effect.jobId}`;
    case 'runStep':
      return `${effect.trainerId} <- run ${effect.jobId} step ${effect.step} generation ${effect.generation} leaves ${effect.subtrees.map(leaves).join(' ')}`;
    case 'announceResult':
      return `${effect.trainerId} <- result ${effect.jobId} step ${effect.step} ${effect.digest}`;
    case 'commit':
      return `${effect.trainerId} <- commit ${effect.jobId} step ${effect.step}`;
    case 'takeState':
      return `${effect.trainerId} <- take state ${effect.jobId} step ${effect.step}${effect.final ? ' final' : ''}`;
    case 'stopJob':
      return `${effect.trainerId} <- stop ${effect.jobId}`;
    case 'refuseTrainer':
      return `${effect.trainerId} <- refuse ${effect.jobId ?? 'connection'} ${effect.code}`;
    case 'dropTrainer':
      return `${effect.trainerId} <- drop (${effect.reason})`;
    case 'addPartial':
      return `reducer <- ${effect.jobId} step ${effect.step} leaves ${leaves(effect.subtree)} of ${effect.trainerId}`;
    case 'storeCheckpoint':
      return `store <- ${effect.jobId} step ${effect.step} of ${effect.fromTrainerId} ${effect.files.map((file) => `${file.role}=${file.digest}`).join(' ')}`;
    case 'jobChanged':
      return `observers <- ${effect.jobId}`;
  }
}

function leaves({ first, leaves: count }: Subtree): string {
  return count === 1 ? `${first}` : `${first}-${first + count - 1}`;
}
