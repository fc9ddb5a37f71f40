import * as tf from '@tensorflow/tfjs-core';
import { LangevinError } from '@langevin/contracts';
import { checkAtOnce, checkElements, checkFeeds, checkTargets } from './check-feeds.js';
import { declared } from './declared.js';
import type { AnyOutcome, EntryFunction, Feed, ProgramSource, UntypedCall, UntypedProgram } from './program.js';
import { describeTensor, dtypeOf, sameTensor, zeroElements, type Elements, type TensorSpecs } from './tensor-spec.js';

/** The same program without a graph: each call runs its function. All state is zero at first. */
export function eagerProgram({ entries, state, inputs }: ProgramSource): UntypedProgram {
  const kept = new EagerState(state);
  const call = (entry: string, run: EntryFunction, feeds: Readonly<Record<string, Feed>>, check?: CheckOutcome) =>
    tf.tidy(() => runEntry(entry, run, feedTensors(entry, inputs[entry] ?? {}, feeds), kept, check));
  const runAllInto = Object.fromEntries(
    Object.entries(entries).map(([entry, run]) => [
      entry,
      (calls: readonly UntypedCall[]) => {
        for (const { inputs: given, targets } of calls) {
          const check: CheckOutcome = (specs, changesState) => {
            checkAtOnce(entry, calls.length, changesState);
            checkTargets(entry, specs, targets);
          };
          copyResults(call(entry, run, given, check), targets);
        }
      },
    ]),
  );
  return {
    mode: 'eager',
    run: Object.fromEntries(Object.entries(entries).map(([entry, run]) => [entry, (feeds) => call(entry, run, feeds)])),
    runInto: Object.fromEntries(Object.entries(runAllInto).map(([entry, run]) => [entry, (given, targets) => run([{ inputs: given, targets }])])),
    runAllInto,
    concurrency: 1,
    readState: (name) => kept.read(name),
    writeState: (values) => {
      const given = Object.entries(values).filter((entry): entry is [string, Elements] => entry[1] !== undefined);
      for (const [name, elements] of given) checkElements(`state ${name}`, declared(state, name), elements);
      for (const [name, elements] of given) kept.write(name, elements);
    },
    nodeCounts: () => ({}),
    dispose: () => kept.dispose(),
    [Symbol.dispose]: () => kept.dispose(),
  };
}

/** Those made of elements belong to the tidy around the call. */
function feedTensors(entry: string, specs: TensorSpecs, feeds: Readonly<Record<string, Feed>>): Record<string, tf.Tensor> {
  return Object.fromEntries(
    checkFeeds(entry, specs, feeds).map(({ name, spec, feed }) => [name, feed instanceof tf.Tensor ? feed : tf.tensor(feed, [...spec.shape], dtypeOf(spec))]),
  );
}

function copyResults(results: Readonly<Record<string, tf.Tensor>>, targets: Readonly<Record<string, Elements>>): void {
  for (const [name, tensor] of Object.entries(results)) {
    targets[name]!.set(tensor.dataSync()); // Every result has a target that fits.
    tensor.dispose();
  }
}

/** Tensors that live from call to call. */
class EagerState {
  readonly #specs: TensorSpecs;
  readonly #tensors = new Map<string, tf.Tensor>();
  #disposed = false;

  constructor(specs: TensorSpecs) {
    this.#specs = specs;
    for (const [name, spec] of Object.entries(specs)) this.write(name, zeroElements(spec));
  }

  /** All of them, by name; they stay the property of this. */
  tensors(what: string): Record<string, tf.Tensor> {
    if (this.#disposed) throw new LangevinError('invalid_argument', `${what}: the program was disposed of`);
    return Object.fromEntries(this.#tensors);
  }

  read(name: string): Elements {
    declared(this.#specs, name);
    return this.tensors(`state ${name}`)[name]!.dataSync().slice(); // Every declared piece has a tensor.
  }

  write(name: string, elements: Elements): void {
    const spec = declared(this.#specs, name);
    this.replace(name, tf.tensor(elements.slice(), [...spec.shape], dtypeOf(spec)));
  }

  /** Takes possession of `tensor`. */
  replace(name: string, tensor: tf.Tensor): void {
    this.#tensors.get(name)?.dispose();
    this.#tensors.set(name, tf.keep(tensor));
  }

  dispose(): void {
    this.#disposed = true;
    tf.dispose([...this.#tensors.values()]);
    this.#tensors.clear();
  }
}

/** Throws when the outcome is not what the caller can take; nothing has changed then. */
type CheckOutcome = (results: TensorSpecs, changesState: boolean) => void;

function runEntry(entry: string, run: EntryFunction, inputs: Readonly<Record<string, tf.Tensor>>, kept: EagerState, check?: CheckOutcome): Record<string, tf.Tensor> {
  const state = kept.tensors(entry);
  const outcome = run(inputs, state);
  // Results are float32, int32 or bool, as those of graphs.
  check?.((outcome.results ?? {}) as TensorSpecs, Object.keys(outcome.state ?? {}).length > 0);
  // Clones: what the caller or the state gets may be a tensor that belongs to the other, or to nobody after this call.
  const results = Object.fromEntries(Object.entries(outcome.results ?? {}).map(([name, tensor]) => [name, tf.clone(tensor)]));
  const updates = nextState(entry, state, outcome).map(([name, tensor]) => [name, tf.clone(tensor)] as const);
  for (const [name, tensor] of updates) kept.replace(name, tensor);
  return results;
}

function nextState(entry: string, state: Readonly<Record<string, tf.Tensor>>, outcome: AnyOutcome): [string, tf.Tensor][] {
  const updates = Object.entries(outcome.state ?? {}).filter((update): update is [string, tf.Tensor] => update[1] !== undefined);
  for (const [name, tensor] of updates) {
    const { shape, dtype } = declared(state, name);
    // State is float32, int32 or bool, as it was declared.
    if (!sameTensor({ shape, dtype: dtype as 'float32' }, tensor)) {
      throw new LangevinError('invalid_argument', `${entry}: state ${name} is ${describeTensor({ shape, dtype })}, the function gives it ${describeTensor(tensor)}`);
    }
  }
  return updates;
}
