// Original file: ../../protos/langevin/v1/cluster.proto

import type { Long } from '@grpc/proto-loader';

export interface Prepared {
  'job'?: (string);
  'step'?: (number | string | Long);
  'digest'?: (string);
  'loss'?: (number | string);
  'norm'?: (number | string);
  'finite'?: (boolean);
  'leafMs'?: (number | string);
}

export interface Prepared__Output {
  'job': (string);
  'step': (string);
  'digest': (string);
  'loss': (number);
  'norm': (number);
  'finite': (boolean);
  'leafMs': (number);
}
