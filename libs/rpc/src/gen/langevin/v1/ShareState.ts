// Original file: ../../protos/langevin/v1/cluster.proto

import type { Long } from '@grpc/proto-loader';

export interface ShareState {
  'job'?: (string);
  'step'?: (number | string | Long);
}

export interface ShareState__Output {
  'job': (string);
  'step': (string);
}
