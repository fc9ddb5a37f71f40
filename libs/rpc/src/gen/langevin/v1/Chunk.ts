// Original file: ../../protos/langevin/v1/transfer.proto

import type { Long } from '@grpc/proto-loader';

export interface Chunk {
  'data'?: (Buffer | Uint8Array | string);
  'totalSize'?: (number | string | Long);
  'crc32'?: (number);
}

export interface Chunk__Output {
  'data': (Buffer);
  'totalSize': (string);
  'crc32': (number);
}
