// Original file: ../../protos/langevin/v1/jobs.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DrainReply as _langevin_v1_DrainReply, DrainReply__Output as _langevin_v1_DrainReply__Output } from '../../langevin/v1/DrainReply.js';
import type { DrainRequest as _langevin_v1_DrainRequest, DrainRequest__Output as _langevin_v1_DrainRequest__Output } from '../../langevin/v1/DrainRequest.js';
import type { ForkRequest as _langevin_v1_ForkRequest, ForkRequest__Output as _langevin_v1_ForkRequest__Output } from '../../langevin/v1/ForkRequest.js';
import type { Job as _langevin_v1_Job, Job__Output as _langevin_v1_Job__Output } from '../../langevin/v1/Job.js';
import type { JobRequest as _langevin_v1_JobRequest, JobRequest__Output as _langevin_v1_JobRequest__Output } from '../../langevin/v1/JobRequest.js';
import type { ListReply as _langevin_v1_ListReply, ListReply__Output as _langevin_v1_ListReply__Output } from '../../langevin/v1/ListReply.js';
import type { ListRequest as _langevin_v1_ListRequest, ListRequest__Output as _langevin_v1_ListRequest__Output } from '../../langevin/v1/ListRequest.js';
import type { ResumeRequest as _langevin_v1_ResumeRequest, ResumeRequest__Output as _langevin_v1_ResumeRequest__Output } from '../../langevin/v1/ResumeRequest.js';
import type { SubmitRequest as _langevin_v1_SubmitRequest, SubmitRequest__Output as _langevin_v1_SubmitRequest__Output } from '../../langevin/v1/SubmitRequest.js';
import type { TrainersReply as _langevin_v1_TrainersReply, TrainersReply__Output as _langevin_v1_TrainersReply__Output } from '../../langevin/v1/TrainersReply.js';
import type { TrainersRequest as _langevin_v1_TrainersRequest, TrainersRequest__Output as _langevin_v1_TrainersRequest__Output } from '../../langevin/v1/TrainersRequest.js';

export interface JobsClient extends grpc.Client {
  Cancel(argument: _langevin_v1_JobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  Cancel(argument: _langevin_v1_JobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  Cancel(argument: _langevin_v1_JobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  Cancel(argument: _langevin_v1_JobRequest, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  cancel(argument: _langevin_v1_JobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  cancel(argument: _langevin_v1_JobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  cancel(argument: _langevin_v1_JobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  cancel(argument: _langevin_v1_JobRequest, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  
  Drain(argument: _langevin_v1_DrainRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_DrainReply__Output>): grpc.ClientUnaryCall;
  Drain(argument: _langevin_v1_DrainRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_DrainReply__Output>): grpc.ClientUnaryCall;
  Drain(argument: _langevin_v1_DrainRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_DrainReply__Output>): grpc.ClientUnaryCall;
  Drain(argument: _langevin_v1_DrainRequest, callback: grpc.requestCallback<_langevin_v1_DrainReply__Output>): grpc.ClientUnaryCall;
  drain(argument: _langevin_v1_DrainRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_DrainReply__Output>): grpc.ClientUnaryCall;
  drain(argument: _langevin_v1_DrainRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_DrainReply__Output>): grpc.ClientUnaryCall;
  drain(argument: _langevin_v1_DrainRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_DrainReply__Output>): grpc.ClientUnaryCall;
  drain(argument: _langevin_v1_DrainRequest, callback: grpc.requestCallback<_langevin_v1_DrainReply__Output>): grpc.ClientUnaryCall;
  
  Fork(argument: _langevin_v1_ForkRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  Fork(argument: _langevin_v1_ForkRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  Fork(argument: _langevin_v1_ForkRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  Fork(argument: _langevin_v1_ForkRequest, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  fork(argument: _langevin_v1_ForkRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  fork(argument: _langevin_v1_ForkRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  fork(argument: _langevin_v1_ForkRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  fork(argument: _langevin_v1_ForkRequest, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  
  Get(argument: _langevin_v1_JobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  Get(argument: _langevin_v1_JobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  Get(argument: _langevin_v1_JobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  Get(argument: _langevin_v1_JobRequest, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  get(argument: _langevin_v1_JobRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  get(argument: _langevin_v1_JobRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  get(argument: _langevin_v1_JobRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  get(argument: _langevin_v1_JobRequest, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  
  List(argument: _langevin_v1_ListRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_ListReply__Output>): grpc.ClientUnaryCall;
  List(argument: _langevin_v1_ListRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_ListReply__Output>): grpc.ClientUnaryCall;
  List(argument: _langevin_v1_ListRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_ListReply__Output>): grpc.ClientUnaryCall;
  List(argument: _langevin_v1_ListRequest, callback: grpc.requestCallback<_langevin_v1_ListReply__Output>): grpc.ClientUnaryCall;
  list(argument: _langevin_v1_ListRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_ListReply__Output>): grpc.ClientUnaryCall;
  list(argument: _langevin_v1_ListRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_ListReply__Output>): grpc.ClientUnaryCall;
  list(argument: _langevin_v1_ListRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_ListReply__Output>): grpc.ClientUnaryCall;
  list(argument: _langevin_v1_ListRequest, callback: grpc.requestCallback<_langevin_v1_ListReply__Output>): grpc.ClientUnaryCall;
  
  Resume(argument: _langevin_v1_ResumeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  Resume(argument: _langevin_v1_ResumeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  Resume(argument: _langevin_v1_ResumeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  Resume(argument: _langevin_v1_ResumeRequest, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  resume(argument: _langevin_v1_ResumeRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  resume(argument: _langevin_v1_ResumeRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  resume(argument: _langevin_v1_ResumeRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  resume(argument: _langevin_v1_ResumeRequest, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  
  Submit(argument: _langevin_v1_SubmitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  Submit(argument: _langevin_v1_SubmitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  Submit(argument: _langevin_v1_SubmitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  Submit(argument: _langevin_v1_SubmitRequest, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  submit(argument: _langevin_v1_SubmitRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  submit(argument: _langevin_v1_SubmitRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  submit(argument: _langevin_v1_SubmitRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  submit(argument: _langevin_v1_SubmitRequest, callback: grpc.requestCallback<_langevin_v1_Job__Output>): grpc.ClientUnaryCall;
  
  Trainers(argument: _langevin_v1_TrainersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_TrainersReply__Output>): grpc.ClientUnaryCall;
  Trainers(argument: _langevin_v1_TrainersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_TrainersReply__Output>): grpc.ClientUnaryCall;
  Trainers(argument: _langevin_v1_TrainersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_TrainersReply__Output>): grpc.ClientUnaryCall;
  Trainers(argument: _langevin_v1_TrainersRequest, callback: grpc.requestCallback<_langevin_v1_TrainersReply__Output>): grpc.ClientUnaryCall;
  trainers(argument: _langevin_v1_TrainersRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_TrainersReply__Output>): grpc.ClientUnaryCall;
  trainers(argument: _langevin_v1_TrainersRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_langevin_v1_TrainersReply__Output>): grpc.ClientUnaryCall;
  trainers(argument: _langevin_v1_TrainersRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_langevin_v1_TrainersReply__Output>): grpc.ClientUnaryCall;
  trainers(argument: _langevin_v1_TrainersRequest, callback: grpc.requestCallback<_langevin_v1_TrainersReply__Output>): grpc.ClientUnaryCall;
  
  Watch(argument: _langevin_v1_JobRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_Job__Output>;
  Watch(argument: _langevin_v1_JobRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_Job__Output>;
  watch(argument: _langevin_v1_JobRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_Job__Output>;
  watch(argument: _langevin_v1_JobRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_langevin_v1_Job__Output>;
  
}

export interface JobsHandlers extends grpc.UntypedServiceImplementation {
  Cancel: grpc.handleUnaryCall<_langevin_v1_JobRequest__Output, _langevin_v1_Job>;
  
  Drain: grpc.handleUnaryCall<_langevin_v1_DrainRequest__Output, _langevin_v1_DrainReply>;
  
  Fork: grpc.handleUnaryCall<_langevin_v1_ForkRequest__Output, _langevin_v1_Job>;
  
  Get: grpc.handleUnaryCall<_langevin_v1_JobRequest__Output, _langevin_v1_Job>;
  
  List: grpc.handleUnaryCall<_langevin_v1_ListRequest__Output, _langevin_v1_ListReply>;
  
  Resume: grpc.handleUnaryCall<_langevin_v1_ResumeRequest__Output, _langevin_v1_Job>;
  
  Submit: grpc.handleUnaryCall<_langevin_v1_SubmitRequest__Output, _langevin_v1_Job>;
  
  Trainers: grpc.handleUnaryCall<_langevin_v1_TrainersRequest__Output, _langevin_v1_TrainersReply>;
  
  Watch: grpc.handleServerStreamingCall<_langevin_v1_JobRequest__Output, _langevin_v1_Job>;
  
}

export interface JobsDefinition extends grpc.ServiceDefinition {
  Cancel: MethodDefinition<_langevin_v1_JobRequest, _langevin_v1_Job, _langevin_v1_JobRequest__Output, _langevin_v1_Job__Output>
  Drain: MethodDefinition<_langevin_v1_DrainRequest, _langevin_v1_DrainReply, _langevin_v1_DrainRequest__Output, _langevin_v1_DrainReply__Output>
  Fork: MethodDefinition<_langevin_v1_ForkRequest, _langevin_v1_Job, _langevin_v1_ForkRequest__Output, _langevin_v1_Job__Output>
  Get: MethodDefinition<_langevin_v1_JobRequest, _langevin_v1_Job, _langevin_v1_JobRequest__Output, _langevin_v1_Job__Output>
  List: MethodDefinition<_langevin_v1_ListRequest, _langevin_v1_ListReply, _langevin_v1_ListRequest__Output, _langevin_v1_ListReply__Output>
  Resume: MethodDefinition<_langevin_v1_ResumeRequest, _langevin_v1_Job, _langevin_v1_ResumeRequest__Output, _langevin_v1_Job__Output>
  Submit: MethodDefinition<_langevin_v1_SubmitRequest, _langevin_v1_Job, _langevin_v1_SubmitRequest__Output, _langevin_v1_Job__Output>
  Trainers: MethodDefinition<_langevin_v1_TrainersRequest, _langevin_v1_TrainersReply, _langevin_v1_TrainersRequest__Output, _langevin_v1_TrainersReply__Output>
  Watch: MethodDefinition<_langevin_v1_JobRequest, _langevin_v1_Job, _langevin_v1_JobRequest__Output, _langevin_v1_Job__Output>
}
