// Original file: ../../protos/langevin/v1/cluster.proto

import type { Share as _langevin_v1_Share, Share__Output as _langevin_v1_Share__Output } from '../../langevin/v1/Share.js';
import type { BlockRange as _langevin_v1_BlockRange, BlockRange__Output as _langevin_v1_BlockRange__Output } from '../../langevin/v1/BlockRange.js';

export interface Plan {
  'shares'?: (_langevin_v1_Share)[];
  'chunks'?: (_langevin_v1_BlockRange)[];
}

export interface Plan__Output {
  'shares': (_langevin_v1_Share__Output)[];
  'chunks': (_langevin_v1_BlockRange__Output)[];
}
