// Original file: ../../protos/langevin/v1/cluster.proto

import type { Long } from '@grpc/proto-loader';

export interface DropState {
  'job'?: (string);
  'step'?: (number | string | Long);
}

export interface DropState__Output {
  'job': (string);
  'step': (string);
}
