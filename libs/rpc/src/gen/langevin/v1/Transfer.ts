// Original file: ../../protos/langevin/v1/transfer.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { Chunk as _langevin_v1_Chunk, Chunk__Output as _langevin_v1_Chunk__Output } from '../../langevin/v1/Chunk.js';
import type { PullRequest as _langevin_v1_PullRequest, PullRequest__Output as _langevin_v1_PullRequest__Output } from '../../langevin/v1/PullRequest.js';

export interface TransferClient extends grpc.Client {
  Pull(argument: _langevin_v1_PullRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_Chunk__Output>;
  Pull(argument: _langevin_v1_PullRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_Chunk__Output>;
  pull(argument: _langevin_v1_PullRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_Chunk__Output>;
  pull(argument: _langevin_v1_PullRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_Chunk__Output>;
  
}

export interface TransferHandlers extends grpc.UntypedServiceImplementation {
  Pull: grpc.handleServerStreamingCall<_langevin_v1_PullRequest__Output, _langevin_v1_Chunk>;
  
}

export interface TransferDefinition extends grpc.ServiceDefinition {
  Pull: MethodDefinition<_langevin_v1_PullRequest, _langevin_v1_Chunk, _langevin_v1_PullRequest__Output, _langevin_v1_Chunk__Output>
}
