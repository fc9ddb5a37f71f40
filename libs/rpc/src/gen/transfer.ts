import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Chunk as _langevin_v1_Chunk, Chunk__Output as _langevin_v1_Chunk__Output } from './langevin/v1/Chunk.js';
import type { PartPiece as _langevin_v1_PartPiece, PartPiece__Output as _langevin_v1_PartPiece__Output } from './langevin/v1/PartPiece.js';
import type { PullPartRequest as _langevin_v1_PullPartRequest, PullPartRequest__Output as _langevin_v1_PullPartRequest__Output } from './langevin/v1/PullPartRequest.js';
import type { PullRequest as _langevin_v1_PullRequest, PullRequest__Output as _langevin_v1_PullRequest__Output } from './langevin/v1/PullRequest.js';
import type { TransferClient as _langevin_v1_TransferClient, TransferDefinition as _langevin_v1_TransferDefinition } from './langevin/v1/Transfer.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  langevin: {
    v1: {
      Chunk: MessageTypeDefinition<_langevin_v1_Chunk, _langevin_v1_Chunk__Output>
      PartPiece: MessageTypeDefinition<_langevin_v1_PartPiece, _langevin_v1_PartPiece__Output>
      PullPartRequest: MessageTypeDefinition<_langevin_v1_PullPartRequest, _langevin_v1_PullPartRequest__Output>
      PullRequest: MessageTypeDefinition<_langevin_v1_PullRequest, _langevin_v1_PullRequest__Output>
      Transfer: SubtypeConstructor<typeof grpc.Client, _langevin_v1_TransferClient> & { service: _langevin_v1_TransferDefinition }
    }
  }
}

