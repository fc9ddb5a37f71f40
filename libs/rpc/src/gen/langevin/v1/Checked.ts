// Original file: ../../protos/langevin/v1/cluster.proto

import type { Subtree as _langevin_v1_Subtree, Subtree__Output as _langevin_v1_Subtree__Output } from '../../langevin/v1/Subtree.js';
import type { Long } from '@grpc/proto-loader';

export interface Checked {
  'job'?: (string);
  'step'?: (number | string | Long);
  'subtree'?: (_langevin_v1_Subtree | null);
  'digest'?: (string);
}

export interface Checked__Output {
  'job': (string);
  'step': (string);
  'subtree': (_langevin_v1_Subtree__Output | null);
  'digest': (string);
}
