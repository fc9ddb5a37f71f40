// Original file: ../../protos/langevin/v1/transfer.proto

import type { Long } from '@grpc/proto-loader';

export interface PartPiece {
  'data'?: (Buffer | Uint8Array | string);
  'offset'?: (number | string | Long);
  'meta'?: (Buffer | Uint8Array | string);
  'flags'?: (number);
  'checksum'?: (number);
}

export interface PartPiece__Output {
  'data': (Buffer);
  'offset': (string);
  'meta': (Buffer);
  'flags': (number);
  'checksum': (number);
}
