// Original file: ../../protos/langevin/v1/cluster.proto

import type { Long } from '@grpc/proto-loader';

export interface TakeState {
  'job'?: (string);
  'step'?: (number | string | Long);
  'final'?: (boolean);
}

export interface TakeState__Output {
  'job': (string);
  'step': (string);
  'final': (boolean);
}
