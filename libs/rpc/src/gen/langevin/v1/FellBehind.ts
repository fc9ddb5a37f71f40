// Original file: ../../protos/langevin/v1/cluster.proto

import type { Long } from '@grpc/proto-loader';

export interface FellBehind {
  'job'?: (string);
  'step'?: (number | string | Long);
}

export interface FellBehind__Output {
  'job': (string);
  'step': (string);
}
