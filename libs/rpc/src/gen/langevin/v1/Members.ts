// Original file: ../../protos/langevin/v1/cluster.proto

import type { Member as _langevin_v1_Member, Member__Output as _langevin_v1_Member__Output } from '../../langevin/v1/Member.js';

export interface Members {
  'members'?: (_langevin_v1_Member)[];
  'complete'?: (boolean);
}

export interface Members__Output {
  'members': (_langevin_v1_Member__Output)[];
  'complete': (boolean);
}
