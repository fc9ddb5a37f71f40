import type { Effect } from './effect.js';
import type { ClusterState } from './state.js';

/** What follows from an event. */
export interface Decision {
  readonly next: ClusterState;
  /** To be carried out in this order. */
  readonly effects: readonly Effect[];
  /** Why, in one sentence that names who and what: for logs and people. */
  readonly reason: string;
}

/** Changes nothing, and says why. */
export function ignore(state: ClusterState, why: string): Decision {
  return { next: state, effects: [], reason: `ignored: ${why}` };
}

/** First `decision`, then what `follow` decides on the state that it leaves. */
export function andThen(decision: Decision, follow: (state: ClusterState) => Decision): Decision {
  const second = follow(decision.next);
  return {
    next: second.next,
    effects: [...decision.effects, ...second.effects],
    reason: [decision.reason, second.reason].filter((text) => text !== '').join('; '),
  };
}
