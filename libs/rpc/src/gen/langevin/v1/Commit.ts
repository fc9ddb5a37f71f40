// Original file: ../../protos/langevin/v1/cluster.proto

import type { Long } from '@grpc/proto-loader';

export interface Commit {
  'job'?: (string);
  'step'?: (number | string | Long);
}

export interface Commit__Output {
  'job': (string);
  'step': (string);
}
