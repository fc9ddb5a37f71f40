// Original file: ../../protos/langevin/v1/transfer.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { Chunk as _langevin_v1_Chunk, Chunk__Output as _langevin_v1_Chunk__Output } from '../../langevin/v1/Chunk.js';
import type { PartPiece as _langevin_v1_PartPiece, PartPiece__Output as _langevin_v1_PartPiece__Output } from '../../langevin/v1/PartPiece.js';
import type { PullPartRequest as _langevin_v1_PullPartRequest, PullPartRequest__Output as _langevin_v1_PullPartRequest__Output } from '../../langevin/v1/PullPartRequest.js';
import type { PullRequest as _langevin_v1_PullRequest, PullRequest__Output as _langevin_v1_PullRequest__Output } from '../../langevin/v1/PullRequest.js';

export interface TransferClient extends grpc.Client {
  Pull(argument: _langevin_v1_PullRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_Chunk__Output>;
  Pull(argument: _langevin_v1_PullRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_Chunk__Output>;
  pull(argument: _langevin_v1_PullRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_Chunk__Output>;
  pull(argument: _langevin_v1_PullRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_Chunk__Output>;
  
  PullPart(argument: _langevin_v1_PullPartRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_PartPiece__Output>;
  PullPart(argument: _langevin_v1_PullPartRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_PartPiece__Output>;
  pullPart(argument: _langevin_v1_PullPartRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_PartPiece__Output>;
  pullPart(argument: _langevin_v1_PullPartRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_PartPiece__Output>;
  
}

export interface TransferHandlers extends grpc.UntypedServiceImplementation {
  Pull: grpc.handleServerStreamingCall<_langevin_v1_PullRequest__Output, _langevin_v1_Chunk>;
  
  PullPart: grpc.handleServerStreamingCall<_langevin_v1_PullPartRequest__Output, _langevin_v1_PartPiece>;
  
}

export interface TransferDefinition extends grpc.ServiceDefinition {
  Pull: MethodDefinition<_langevin_v1_PullRequest, _langevin_v1_Chunk, _langevin_v1_PullRequest__Output, _langevin_v1_Chunk__Output>
  PullPart: MethodDefinition<_langevin_v1_PullPartRequest, _langevin_v1_PartPiece, _langevin_v1_PullPartRequest__Output, _langevin_v1_PartPiece__Output>
}
