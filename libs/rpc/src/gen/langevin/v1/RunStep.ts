// Original file: ../../protos/langevin/v1/cluster.proto

import type { Plan as _langevin_v1_Plan, Plan__Output as _langevin_v1_Plan__Output } from '../../langevin/v1/Plan.js';
import type { Subtree as _langevin_v1_Subtree, Subtree__Output as _langevin_v1_Subtree__Output } from '../../langevin/v1/Subtree.js';
import type { Long } from '@grpc/proto-loader';

export interface RunStep {
  'job'?: (string);
  'step'?: (number | string | Long);
  'generation'?: (number | string | Long);
  'learningRate'?: (number | string);
  'chain'?: (string);
  'plan'?: (_langevin_v1_Plan | null);
  'withState'?: (boolean);
  'check'?: (_langevin_v1_Subtree | null);
}

export interface RunStep__Output {
  'job': (string);
  'step': (string);
  'generation': (string);
  'learningRate': (number);
  'chain': (string);
  'plan': (_langevin_v1_Plan__Output | null);
  'withState': (boolean);
  'check': (_langevin_v1_Subtree__Output | null);
}
