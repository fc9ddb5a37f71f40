// Original file: ../../protos/langevin/v1/cluster.proto

import type { Long } from '@grpc/proto-loader';

export interface StateFetched {
  'job'?: (string);
  'step'?: (number | string | Long);
}

export interface StateFetched__Output {
  'job': (string);
  'step': (string);
}
