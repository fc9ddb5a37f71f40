// Original file: ../../protos/langevin/v1/cluster.proto

import type { Subtree as _langevin_v1_Subtree, Subtree__Output as _langevin_v1_Subtree__Output } from '../../langevin/v1/Subtree.js';
import type { Long } from '@grpc/proto-loader';

export interface RunStep {
  'job'?: (string);
  'step'?: (number | string | Long);
  'generation'?: (number | string | Long);
  'subtrees'?: (_langevin_v1_Subtree)[];
  'learningRate'?: (number | string);
}

export interface RunStep__Output {
  'job': (string);
  'step': (string);
  'generation': (string);
  'subtrees': (_langevin_v1_Subtree__Output)[];
  'learningRate': (number);
}
