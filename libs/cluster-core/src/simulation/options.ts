/** What is simulated. */
export interface SimulationOptions {
  readonly seed: number;
  /** Trainers at the start. */
  readonly trainers: number;
  readonly virtualWorkers: number;
  readonly blocks: number;
  readonly steps: number;
  readonly checkpointEvery: number;
  readonly minTrainers: number;
  readonly exchange: 'peers' | 'coordinator';
  /** What goes wrong. */
  readonly faults: readonly Fault[];
  /** A mistake that is made on purpose, to see that it is found. */
  readonly defect?: Defect | undefined;
  /** Milliseconds of the processor, to measure what decisions cost. @default nothing is measured */
  readonly cpuMs?: (() => number) | undefined;
  /** Told each decision. */
  readonly onDecision?: ((line: string) => void) | undefined;
}

/** Something that goes wrong at a moment; `which` names a trainer, modulo those that live. */
export type Fault =
  | { readonly kind: 'kill'; readonly atMs: number; readonly which: number; readonly backAfterMs: number }
  /** Its whole machine goes: nobody is told. */
  | { readonly kind: 'vanish'; readonly atMs: number; readonly which: number; readonly backAfterMs: number }
  | { readonly kind: 'freeze'; readonly atMs: number; readonly which: number; readonly forMs: number }
  /** The connection to the coordinator ends, and both are told. */
  | { readonly kind: 'reset'; readonly atMs: number; readonly which: number }
  /** Nothing gets through any more in either direction, and nobody is told. */
  | { readonly kind: 'silence'; readonly atMs: number; readonly which: number }
  /** Every connection to the coordinator ends at about the same time. */
  | { readonly kind: 'blip'; readonly atMs: number }
  /** Two trainers cannot reach each other. */
  | { readonly kind: 'partition'; readonly atMs: number; readonly which: number; readonly other: number; readonly forMs: number }
  | { readonly kind: 'drain'; readonly atMs: number; readonly which: number; readonly backAfterMs: number }
  | { readonly kind: 'join'; readonly atMs: number; readonly isOdd: boolean }
  /** It cannot go on, for a reason of its own. */
  | { readonly kind: 'fail'; readonly atMs: number; readonly which: number }
  | { readonly kind: 'slow'; readonly atMs: number; readonly which: number; readonly times: number }
  /** Its next result, or its next state files, are wrong. */
  | { readonly kind: 'diverge'; readonly atMs: number; readonly which: number; readonly what: 'result' | 'state' }
  /** In the middle of its next decision: before its record, between that and the effects, or amid those. */
  | { readonly kind: 'killCoordinator'; readonly atMs: number; readonly backAfterMs: number; readonly cut: number }
  | { readonly kind: 'freezeCoordinator'; readonly atMs: number; readonly forMs: number }
  | { readonly kind: 'storeOutage'; readonly atMs: number; readonly forMs: number };

/** Mistakes that an implementation could make. */
export const defects = ['applies before the commit', 'keeps no log', 'syncs no membership', 'hears an old connection', 'adds a leaf twice', 'leaves a leaf out', 'frees before the commit', 'forgets what it prepared', 'goes on after its report'] as const;
export type Defect = (typeof defects)[number];
