// Original file: ../../protos/langevin/v1/transfer.proto

import type { Long } from '@grpc/proto-loader';

export interface PullRequest {
  'digest'?: (string);
  'offset'?: (number | string | Long);
}

export interface PullRequest__Output {
  'digest': (string);
  'offset': (string);
}
