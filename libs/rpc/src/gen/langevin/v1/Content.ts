// Original file: ../../protos/langevin/v1/cluster.proto

import type { Long } from '@grpc/proto-loader';

export interface Content {
  'digest'?: (string);
  'size'?: (number | string | Long);
}

export interface Content__Output {
  'digest': (string);
  'size': (string);
}
