import type { CoordinatorContext } from './context.js';

const tickMs = 250;
/** Trainers hear something from the coordinator at least this often. */
const beatMs = 2000;

/** Looks for silent trainers several times a second, lets time pass for the cluster, and is not silent itself; gives back what ends it. */
export function watchTrainers({ detector, connections, clock, dispatch }: CoordinatorContext): () => void {
  const timer = setInterval(() => {
    for (const { trainerId, silentMs, allowedMs } of detector.check(clock())) {
      const why = `silent for ${Math.round(silentMs)} ms, its rhythm allows ${Math.round(allowedMs)} ms`;
      connections.drop(trainerId, 'trainer_lost', why);
      dispatch({ type: 'trainerDetached', trainerId, why });
      // Only now: how long it was silent is counted with its loss.
      detector.forget(trainerId);
    }
    dispatch({ type: 'tick' });
  }, tickMs);
  const beat = setInterval(() => connections.beat(), beatMs);
  return () => {
    clearInterval(timer);
    clearInterval(beat);
  };
}
