// Original file: ../../protos/langevin/v1/cluster.proto

import type { Long } from '@grpc/proto-loader';

export interface Heartbeat {
  'progress'?: (number | string | Long);
}

export interface Heartbeat__Output {
  'progress': (string);
}
