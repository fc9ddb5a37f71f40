/**
 * Recognises the phase of the step from facts alone, as they come: nothing in the product waits for the harness. What a process has noted is
 * known within about a millisecond; what it did since then is not.
 *
 * | phase | begins when | ends when |
 * |---|---|---|
 * | computing | the victim has applied the step before | it has finished its first subtree |
 * | exchanging | it has finished one | every leaf of the step is finished somewhere |
 * | agreeing | every leaf is finished | the victim sends PREPARE, or the step is committed |
 * | prepared | the victim has noted `prepared` | the coordinator has noted `committed` |
 * | committing | the coordinator has noted `committed` | the victim has applied the step |
 * | checkpointing | the victim has applied a step that is to be kept | its checkpoint lies in the store |
 * | joining | the victim's process was started again | it has finished or applied anything |
 *
 * Of the coordinator, which takes part in every trainer's phase, the one that has come furthest counts.
 */
export class PhaseWatcher {
  #job = null;
  #virtualWorkers;
  #everySteps;
  #isCheckpointStored;
  #committed = 0;
  #leaves = new Map();
  #trainers = new Map();
  #listeners = new Set();

  /** @param options - `virtualWorkers`; `everySteps` between checkpoints; `isCheckpointStored(job, step)` */
  constructor({ virtualWorkers, everySteps, isCheckpointStored }) {
    this.#virtualWorkers = virtualWorkers;
    this.#everySteps = everySteps;
    this.#isCheckpointStored = isCheckpointStored;
  }

  /** Facts of another job are of no interest from now on. */
  follow(job) {
    this.#job = job;
    this.#committed = 0;
    this.#leaves.clear();
    for (const trainer of this.#trainers.values()) Object.assign(trainer, { applied: 0, computed: 0, prepared: 0, isJoining: false });
    this.#changed();
  }

  get committed() {
    return this.#committed;
  }

  /** A process of this name was started while a job runs. */
  started(name) {
    this.#trainers.set(name, { applied: 0, computed: 0, prepared: 0, isJoining: true });
    this.#changed();
  }

  /** A process of this name has ended: what is known of it is of no interest. */
  ended(name) {
    this.#trainers.delete(name);
    this.#changed();
  }

  /** @param name of the process that noted the fact */
  fact(name, fact) {
    if (fact.job !== undefined && fact.job !== this.#job) return;
    if (fact.type === 'committed') this.#committed = Math.max(this.#committed, fact.step);
    const trainer = this.#trainers.get(name);
    if (trainer && ['computed', 'prepared', 'applied'].includes(fact.type)) {
      trainer[fact.type] = fact.step;
      trainer.isJoining = false;
      if (fact.type === 'computed') this.#finished(fact);
    }
    this.#changed();
  }

  /** The phase in which a trainer or `coordinator` is now; null when nothing is known of it. */
  phaseOf(victim) {
    if (victim !== 'coordinator') return this.#phaseOfTrainer(this.#trainers.get(victim));
    const order = ['joining', 'checkpointing', 'committing', 'prepared', 'agreeing', 'exchanging', 'computing'];
    const all = new Set([...this.#trainers.values()].map((trainer) => this.#phaseOfTrainer(trainer)));
    return order.find((phase) => all.has(phase)) ?? null;
  }

  /** Resolves as soon as the victim is in the phase and `minStep` is committed: with true, or with false when that takes longer than `limitMs`. */
  until(victim, phase, minStep, limitMs, signal) {
    return new Promise((resolve) => {
      const finish = (isThere) => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        signal?.removeEventListener('abort', giveUp);
        resolve(isThere);
      };
      const giveUp = () => finish(false);
      const look = () => this.#committed >= minStep && (phase === null || this.phaseOf(victim) === phase) && finish(true);
      const timer = setTimeout(giveUp, limitMs);
      signal?.addEventListener('abort', giveUp, { once: true });
      this.#listeners.add(look);
      look();
    });
  }

  #phaseOfTrainer(trainer) {
    if (!trainer) return null;
    if (trainer.isJoining) return 'joining';
    const step = Math.max(trainer.applied, this.#committed) + (this.#committed > trainer.applied ? 0 : 1);
    if (this.#committed >= step && trainer.applied < this.#committed) return 'committing';
    const keeps = trainer.applied > 0 && trainer.applied % this.#everySteps === 0;
    if (keeps && !this.#isCheckpointStored(this.#job, trainer.applied)) return 'checkpointing';
    if (trainer.prepared >= step) return 'prepared';
    if (trainer.computed < step) return 'computing';
    return (this.#leaves.get(step)?.size ?? 0) >= this.#virtualWorkers ? 'agreeing' : 'exchanging';
  }

  #finished({ step, first, leaves }) {
    const done = this.#leaves.get(step) ?? new Set();
    this.#leaves.set(step, done);
    for (let leaf = first; leaf < first + leaves; leaf++) done.add(leaf);
    this.#leaves.delete(step - 8);
  }

  #changed() {
    for (const look of [...this.#listeners]) look();
  }
}
