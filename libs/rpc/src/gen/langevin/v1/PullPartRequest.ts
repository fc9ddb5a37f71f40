// Original file: ../../protos/langevin/v1/transfer.proto

import type { Long } from '@grpc/proto-loader';

export interface PullPartRequest {
  'cluster'?: (string);
  'term'?: (number | string | Long);
  'memberId'?: (string);
  'part'?: (string);
  'offset'?: (number | string | Long);
  'length'?: (number | string | Long);
}

export interface PullPartRequest__Output {
  'cluster': (string);
  'term': (string);
  'memberId': (string);
  'part': (string);
  'offset': (string);
  'length': (string);
}
