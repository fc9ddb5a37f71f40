// Original file: ../../protos/langevin/v1/cluster.proto

import type { Long } from '@grpc/proto-loader';

export interface Welcome {
  'trainerId'?: (string);
  'heartbeatMs'?: (number);
  'cluster'?: (string);
  'term'?: (number | string | Long);
}

export interface Welcome__Output {
  'trainerId': (string);
  'heartbeatMs': (number);
  'cluster': (string);
  'term': (string);
}
