// Original file: ../../protos/langevin/v1/cluster.proto

import type { Long } from '@grpc/proto-loader';

export interface FetchState {
  'job'?: (string);
  'step'?: (number | string | Long);
  'chain'?: (string);
  'donors'?: (string)[];
}

export interface FetchState__Output {
  'job': (string);
  'step': (string);
  'chain': (string);
  'donors': (string)[];
}
