import type { SharedArenaHandle } from '@langevin/collectives';
import type { JobSpec, Metrics, NumericsClass } from '@langevin/contracts';
import type { HeldOutImages } from '@langevin/diffusion-core';

/** The samples of one virtual worker at one step. Arrays have one entry (or one image) a sample. */
export interface LeafBatch {
  /** [b, height, width, channels], values in [−1, 1]. */
  readonly images: Float32Array;
  /** [b], class indices. */
  readonly labels: Int32Array;
  /** [b], 1 for a real sample, 0 for padding. */
  readonly weights: Float32Array;
  /** Place of the first sample in the global batch of the step: the key of its noise; the others follow it. */
  readonly firstSlot: number;
  /** Which samples of the dataset these are, padding left out: for those who check. */
  readonly samples?: readonly number[];
}

/** The three safetensors files of a checkpoint. */
export interface StateFiles {
  readonly weights: Uint8Array;
  readonly ema: Uint8Array;
  readonly optimizer: Uint8Array;
}

/** What the compute thread is asked to do. */
export type ComputeRequest =
  | { readonly kind: 'facts' }
  /** Gradients lie in the arena, which the exchange shares. */
  | { readonly kind: 'open'; readonly spec: JobSpec; readonly step: number; readonly files: StateFiles | null; readonly arena: SharedArenaHandle }
  /** Brings a leaf to the device, before the weights that it is computed with are known. */
  | { readonly kind: 'stage'; readonly step: number; readonly leaf: LeafBatch }
  /** Of leaves that were staged, which are told by their first slots. */
  | { readonly kind: 'gradient'; readonly step: number; readonly firstSlots: readonly number[] }
  /** `address`: of the reduced gradient in the arena, which stays as it is until this is answered. */
  | { readonly kind: 'apply'; readonly step: number; readonly address: number; readonly learningRate: number }
  | { readonly kind: 'copyState' }
  /** Replaces the state by a copy that another trainer made after `step` steps. */
  | { readonly kind: 'loadState'; readonly step: number; readonly state: Uint8Array }
  | { readonly kind: 'digestState' }
  /** XXH64 of a gradient in the arena. */
  | { readonly kind: 'digestGradient'; readonly address: number }
  | { readonly kind: 'files' }
  | { readonly kind: 'measure'; readonly heldOut: HeldOutImages };

/** The gradient sums of one subtree. */
export interface SubtreeSum {
  /** Of its Σ gradient in the arena, flat float32: whoever gets it owns it. */
  readonly address: number;
  /** Σ weight: how many real samples it holds. */
  readonly weightSum: number;
  /** Σ weighted loss. */
  readonly lossSum: number;
}

/** What each request is answered with. */
export interface ComputeAnswers {
  /** The machine part of the numerics class. */
  readonly facts: NumericsClass;
  readonly open: { readonly numerics: NumericsClass; readonly parameters: number };
  readonly stage: null;
  readonly gradient: SubtreeSum;
  readonly apply: null;
  /** Parameters, averaged weights, first and second moment, flat float32, one after the other. */
  readonly copyState: Uint8Array;
  readonly loadState: null;
  /** sha256 of that copy, lower-case hexadecimal. */
  readonly digestState: string;
  /** Hexadecimal. */
  readonly digestGradient: string;
  readonly files: StateFiles;
  readonly measure: Metrics;
}

/** A request on its way to the compute thread. */
export interface ComputeCall {
  readonly id: number;
  readonly request: ComputeRequest;
}

/** An answer on its way back, with how long it took; errors travel as code and message. */
export type ComputeReply =
  | { readonly id: number; readonly ok: true; readonly ms: number; readonly value: ComputeAnswers[ComputeRequest['kind']] }
  | { readonly id: number; readonly ok: false; readonly code: string; readonly message: string };
