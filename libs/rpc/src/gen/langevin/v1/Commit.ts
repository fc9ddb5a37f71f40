// Original file: ../../protos/langevin/v1/cluster.proto

import type { Long } from '@grpc/proto-loader';

export interface Commit {
  'job'?: (string);
  'step'?: (number | string | Long);
  'digest'?: (string);
}

export interface Commit__Output {
  'job': (string);
  'step': (string);
  'digest': (string);
}
