import { decide, type ClusterEvent, type ClusterState, type Effect } from '@langevin/cluster-core';
import type { Ledger } from '@langevin/processes';
import type { Authority } from './authority.js';
import type { DecisionTimes } from './http/prometheus.js';
import type { ObservedDecision } from './http/trainer-changes.js';
import { noteDecision } from './note-decision.js';
import { Wakefulness } from './wakefulness.js';

/** What decisions need. */
export interface DecisionTools {
  readonly authority: Authority;
  readonly initial: ClusterState;
  readonly ledger: Ledger;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
  readonly log: (line: string) => void;
  /** Aborted when the coordinator shuts down. */
  readonly closing: AbortSignal;
  /** Told of every decision before its effects are carried out. */
  readonly observe: (decision: ObservedDecision & DecisionTimes) => void;
  readonly perform: (effect: Effect) => void;
}

/** The state of the cluster, and the one way to change it: an event is decided, written down, and only then acted upon. */
export class Decisions {
  readonly #tools: DecisionTools;
  readonly #wakefulness: Wakefulness;
  #state: ClusterState;

  constructor(tools: DecisionTools) {
    this.#tools = tools;
    this.#state = tools.initial;
    this.#wakefulness = new Wakefulness(tools.authority, (event) => this.#act(event), tools.log);
  }

  /** The state of the cluster now. */
  readonly state = (): ClusterState => this.#state;

  /** False while it must be found out first whether this coordinator still is one. */
  get isAwake(): boolean {
    return this.#wakefulness.isAwake;
  }

  /** Decides what follows from an event, and carries it out. */
  readonly dispatch = (event: ClusterEvent): void => this.#wakefulness.pass(event);

  /** Somebody says that another coordinator has taken over. */
  doubt(why: string): void {
    this.#wakefulness.doubt(why);
  }

  #act(event: ClusterEvent): void {
    const { authority, ledger, clock, log, closing, observe, perform } = this.#tools;
    // Trainers leave because this coordinator goes: that is no loss of theirs, and no job fails for it.
    if (closing.aborted || authority.fenced.aborted) return;
    const before = this.#state;
    const from = performance.now();
    const { next: after, effects, reason } = decide(before, event, clock());
    const decided = performance.now();
    this.#state = after;
    authority.journal.observe(before, after, effects);
    const written = performance.now();
    noteDecision(ledger, event, { before, after, effects });
    if (isWorthALine(event, before !== after, reason)) log(reason);
    observe({ event, before, after, effects, reason, decideMs: decided - from, journalMs: written - decided });
    for (const effect of effects) perform(effect);
  }
}

/** Heartbeats, ticks and the steps of a job that runs are too many for a log, and the publisher speaks of the store; refusals and changes are not. */
function isWorthALine(event: ClusterEvent, changed: boolean, reason: string): boolean {
  const routine = ['tick', 'prepared', 'checkpointCopied', 'storeLost', 'storeFound'];
  if (reason === '' || (routine.includes(event.type) && !/lost|fail|diverge|differ|refus|stop|pause|evict|leave|take part|takes part|come back/.test(reason))) return false;
  // The end of a connection follows that of its trainer; trouble that lasts is told again and again.
  return changed || (reason.startsWith('ignored') && event.type !== 'trainerDetached' && event.type !== 'peerTrouble');
}
