// Original file: ../../protos/langevin/v1/cluster.proto

import type { Prepared as _langevin_v1_Prepared, Prepared__Output as _langevin_v1_Prepared__Output } from '../../langevin/v1/Prepared.js';
import type { Long } from '@grpc/proto-loader';

export interface HeldState {
  'job'?: (string);
  'step'?: (number | string | Long);
  'chain'?: (string);
  'loss'?: (number | string);
  'prepared'?: (_langevin_v1_Prepared | null);
}

export interface HeldState__Output {
  'job': (string);
  'step': (string);
  'chain': (string);
  'loss': (number);
  'prepared': (_langevin_v1_Prepared__Output | null);
}
