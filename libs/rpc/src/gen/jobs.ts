import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { DrainReply as _langevin_v1_DrainReply, DrainReply__Output as _langevin_v1_DrainReply__Output } from './langevin/v1/DrainReply.js';
import type { DrainRequest as _langevin_v1_DrainRequest, DrainRequest__Output as _langevin_v1_DrainRequest__Output } from './langevin/v1/DrainRequest.js';
import type { ForkRequest as _langevin_v1_ForkRequest, ForkRequest__Output as _langevin_v1_ForkRequest__Output } from './langevin/v1/ForkRequest.js';
import type { Job as _langevin_v1_Job, Job__Output as _langevin_v1_Job__Output } from './langevin/v1/Job.js';
import type { JobRequest as _langevin_v1_JobRequest, JobRequest__Output as _langevin_v1_JobRequest__Output } from './langevin/v1/JobRequest.js';
import type { JobsClient as _langevin_v1_JobsClient, JobsDefinition as _langevin_v1_JobsDefinition } from './langevin/v1/Jobs.js';
import type { ListReply as _langevin_v1_ListReply, ListReply__Output as _langevin_v1_ListReply__Output } from './langevin/v1/ListReply.js';
import type { ListRequest as _langevin_v1_ListRequest, ListRequest__Output as _langevin_v1_ListRequest__Output } from './langevin/v1/ListRequest.js';
import type { ResumeRequest as _langevin_v1_ResumeRequest, ResumeRequest__Output as _langevin_v1_ResumeRequest__Output } from './langevin/v1/ResumeRequest.js';
import type { SubmitRequest as _langevin_v1_SubmitRequest, SubmitRequest__Output as _langevin_v1_SubmitRequest__Output } from './langevin/v1/SubmitRequest.js';
import type { Trainer as _langevin_v1_Trainer, Trainer__Output as _langevin_v1_Trainer__Output } from './langevin/v1/Trainer.js';
import type { TrainersReply as _langevin_v1_TrainersReply, TrainersReply__Output as _langevin_v1_TrainersReply__Output } from './langevin/v1/TrainersReply.js';
import type { TrainersRequest as _langevin_v1_TrainersRequest, TrainersRequest__Output as _langevin_v1_TrainersRequest__Output } from './langevin/v1/TrainersRequest.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  langevin: {
    v1: {
      DrainReply: MessageTypeDefinition<_langevin_v1_DrainReply, _langevin_v1_DrainReply__Output>
      DrainRequest: MessageTypeDefinition<_langevin_v1_DrainRequest, _langevin_v1_DrainRequest__Output>
      ForkRequest: MessageTypeDefinition<_langevin_v1_ForkRequest, _langevin_v1_ForkRequest__Output>
      Job: MessageTypeDefinition<_langevin_v1_Job, _langevin_v1_Job__Output>
      JobPhase: EnumTypeDefinition
      JobRequest: MessageTypeDefinition<_langevin_v1_JobRequest, _langevin_v1_JobRequest__Output>
      Jobs: SubtypeConstructor<typeof grpc.Client, _langevin_v1_JobsClient> & { service: _langevin_v1_JobsDefinition }
      ListReply: MessageTypeDefinition<_langevin_v1_ListReply, _langevin_v1_ListReply__Output>
      ListRequest: MessageTypeDefinition<_langevin_v1_ListRequest, _langevin_v1_ListRequest__Output>
      ResumeRequest: MessageTypeDefinition<_langevin_v1_ResumeRequest, _langevin_v1_ResumeRequest__Output>
      SubmitRequest: MessageTypeDefinition<_langevin_v1_SubmitRequest, _langevin_v1_SubmitRequest__Output>
      Trainer: MessageTypeDefinition<_langevin_v1_Trainer, _langevin_v1_Trainer__Output>
      TrainersReply: MessageTypeDefinition<_langevin_v1_TrainersReply, _langevin_v1_TrainersReply__Output>
      TrainersRequest: MessageTypeDefinition<_langevin_v1_TrainersRequest, _langevin_v1_TrainersRequest__Output>
    }
  }
}

