// Original file: ../../protos/langevin/v1/cluster.proto

import type { Long } from '@grpc/proto-loader';

export interface Prepared {
  'job'?: (string);
  'step'?: (number | string | Long);
  'resultDigest'?: (string);
}

export interface Prepared__Output {
  'job': (string);
  'step': (string);
  'resultDigest': (string);
}
