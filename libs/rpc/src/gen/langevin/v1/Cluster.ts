// Original file: ../../protos/langevin/v1/cluster.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { CoordinatorMessage as _langevin_v1_CoordinatorMessage, CoordinatorMessage__Output as _langevin_v1_CoordinatorMessage__Output } from '../../langevin/v1/CoordinatorMessage.js';
import type { TrainerMessage as _langevin_v1_TrainerMessage, TrainerMessage__Output as _langevin_v1_TrainerMessage__Output } from '../../langevin/v1/TrainerMessage.js';

export interface ClusterClient extends grpc.Client {
  Attach(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_langevin_v1_TrainerMessage, _langevin_v1_CoordinatorMessage__Output>;
  Attach(options?: grpc.CallOptions): grpc.ClientDuplexStream<_langevin_v1_TrainerMessage, _langevin_v1_CoordinatorMessage__Output>;
  attach(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_langevin_v1_TrainerMessage, _langevin_v1_CoordinatorMessage__Output>;
  attach(options?: grpc.CallOptions): grpc.ClientDuplexStream<_langevin_v1_TrainerMessage, _langevin_v1_CoordinatorMessage__Output>;
  
}

export interface ClusterHandlers extends grpc.UntypedServiceImplementation {
  Attach: grpc.handleBidiStreamingCall<_langevin_v1_TrainerMessage__Output, _langevin_v1_CoordinatorMessage>;
  
}

export interface ClusterDefinition extends grpc.ServiceDefinition {
  Attach: MethodDefinition<_langevin_v1_TrainerMessage, _langevin_v1_CoordinatorMessage, _langevin_v1_TrainerMessage__Output, _langevin_v1_CoordinatorMessage__Output>
}
