// Original file: ../../protos/langevin/v1/cluster.proto

import type { Subtree as _langevin_v1_Subtree, Subtree__Output as _langevin_v1_Subtree__Output } from '../../langevin/v1/Subtree.js';

export interface Share {
  'owner'?: (string);
  'subtrees'?: (_langevin_v1_Subtree)[];
}

export interface Share__Output {
  'owner': (string);
  'subtrees': (_langevin_v1_Subtree__Output)[];
}
