import { mix } from './chance.js';

/** Numbers that stand for vectors: equal when, and only when, the same leaves were added once each to the same state. */

export const firstState = mix(1);

/** What a leaf's gradient is at this step and state. */
export function leafValue(state: number, step: number, leaf: number): number {
  return mix(state ^ mix(step * 0x10001 + leaf));
}

/** Of gradients: in any order, as the tree's order is not what is tested here. */
export function sum(a: number, b: number): number {
  return (a + b) >>> 0;
}

/** The state after a result is applied. */
export function apply(state: number, result: number): number {
  return mix(mix(state) ^ result);
}

/** Digest of the results up to one. */
export function link(chain: string, result: number): string {
  let x = result;
  for (let at = 0; at < chain.length; at++) x = Math.imul(x ^ chain.charCodeAt(at), 0x01000193);
  return `c${mix(x).toString(36)}`;
}

/** The result of a step when nothing goes wrong. */
function rightResult(state: number, step: number, virtualWorkers: number): number {
  let all = 0;
  for (let leaf = 0; leaf < virtualWorkers; leaf++) all = sum(all, leafValue(state, step, leaf));
  return all;
}

/** The states after each step, the first one included, when nothing goes wrong. */
export function rightStates(steps: number, virtualWorkers: number): readonly number[] {
  const states = [firstState];
  for (let step = 1; step <= steps; step++) {
    const state = states[step - 1]!; // Pushed in the round before.
    states.push(apply(state, rightResult(state, step, virtualWorkers)));
  }
  return states;
}
