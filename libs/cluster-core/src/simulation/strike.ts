import type { Fault } from './options.js';
import { SimulatedTrainer } from './simulated-trainer.js';
import { pairOf, type World } from './world.js';

/** Lets something go wrong now. */
export function strike(world: World, fault: Fault): void {
  const { clock, coordinator, options } = world;
  options.onDecision?.(`${clock.nowMs.toFixed(1).padStart(9)} -- ${describe(world, fault)}`);
  switch (fault.kind) {
    case 'blip':
      return coordinator.resetAll();
    case 'join':
      // A job that has no other trainers yet would rightly take its class, or end.
      return startTrainer(world, `j${world.trainers.length + 1}`, fault.isOdd && coordinatorMembers(world) > 0);
    case 'killCoordinator':
      return coordinator.doom(fault.cut, fault.backAfterMs);
    case 'freezeCoordinator':
      return coordinator.freeze(fault.forMs);
    case 'storeOutage':
      world.store.isOut = true;
      return clock.after(fault.forMs, () => {
        world.store.isOut = false;
      });
    default:
      return strikeTrainer(world, fault);
  }
}

/** A trainer's process begins. */
export function startTrainer(world: World, name: string, isOdd: boolean): void {
  const { trainers, chance } = world;
  trainers.push(new SimulatedTrainer(world, name, `${name}#${trainers.length}`, { leafMs: chance.between(4, 12), isOdd }));
}

type TrainerFault = Extract<Fault, { which: number }>;

function strikeTrainer(world: World, fault: TrainerFault): void {
  const { clock } = world;
  const victim = victimOf(world, fault.which);
  if (!victim) return;
  switch (fault.kind) {
    case 'kill':
    case 'vanish':
      victim.kill(fault.kind === 'kill');
      return clock.after(fault.backAfterMs, () => startTrainer(world, victim.name, false));
    case 'drain':
      victim.drain();
      return clock.after(fault.backAfterMs, () => startTrainer(world, `${victim.name}+`, false));
    case 'freeze':
      victim.isFrozen = true;
      return clock.after(fault.forMs, () => victim.thaw());
    case 'reset':
      return victim.connection?.end();
    case 'silence':
      if (victim.connection) victim.connection.isSilent = true;
      return victim.giveUpLater();
    case 'slow':
      victim.leafMs = Math.min(100, victim.leafMs * fault.times);
      return;
    case 'partition':
      return part(world, fault, victim);
    case 'fail':
      // Where it is the only one, the job ends with its error, and rightly so.
      if (coordinatorMembers(world) < 2 || world.trainers.some(({ isAlive, session }) => isAlive && session?.hasFailed)) return;
      victim.session?.fail();
      // Somebody reads why, and starts it anew.
      return clock.after(4000, () => {
        if (!victim.isAlive) return;
        victim.kill(true);
        startTrainer(world, victim.name, false);
      });
    case 'diverge':
      // Nobody can tell where nobody can compare.
      if (coordinatorMembers(world) > 1) victim.diverges = fault.what;
  }
}

function part(world: World, { other, forMs }: Extract<Fault, { kind: 'partition' }>, victim: SimulatedTrainer): void {
  const far = victimOf(world, other);
  if (!far || far === victim) return;
  const pair = pairOf(victim.name, far.name);
  world.partitions.add(pair);
  world.clock.after(forMs, () => {
    world.partitions.delete(pair);
    victim.publish();
    far.publish();
  });
}

function coordinatorMembers({ coordinator }: World): number {
  const [job] = coordinator.state.jobs;
  return job?.status.phase === 'running' && job.status.stage.kind !== 'recovering' ? job.status.members.length : 0;
}

function victimOf({ trainers }: World, which: number): SimulatedTrainer | undefined {
  const live = trainers.filter(({ isAlive }) => isAlive);
  return live[which % Math.max(1, live.length)];
}

function describe(world: World, fault: Fault): string {
  const { kind, atMs: _, ...rest } = fault;
  const name = 'which' in fault ? ` ${victimOf(world, fault.which)?.name ?? 'nobody'}` : '';
  return `${kind}${name} ${JSON.stringify(rest)}`;
}
