import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { Beat as _langevin_v1_Beat, Beat__Output as _langevin_v1_Beat__Output } from './langevin/v1/Beat.js';
import type { BlockRange as _langevin_v1_BlockRange, BlockRange__Output as _langevin_v1_BlockRange__Output } from './langevin/v1/BlockRange.js';
import type { Checked as _langevin_v1_Checked, Checked__Output as _langevin_v1_Checked__Output } from './langevin/v1/Checked.js';
import type { ClusterClient as _langevin_v1_ClusterClient, ClusterDefinition as _langevin_v1_ClusterDefinition } from './langevin/v1/Cluster.js';
import type { Commit as _langevin_v1_Commit, Commit__Output as _langevin_v1_Commit__Output } from './langevin/v1/Commit.js';
import type { Content as _langevin_v1_Content, Content__Output as _langevin_v1_Content__Output } from './langevin/v1/Content.js';
import type { CoordinatorMessage as _langevin_v1_CoordinatorMessage, CoordinatorMessage__Output as _langevin_v1_CoordinatorMessage__Output } from './langevin/v1/CoordinatorMessage.js';
import type { DropState as _langevin_v1_DropState, DropState__Output as _langevin_v1_DropState__Output } from './langevin/v1/DropState.js';
import type { Endpoints as _langevin_v1_Endpoints, Endpoints__Output as _langevin_v1_Endpoints__Output } from './langevin/v1/Endpoints.js';
import type { FellBehind as _langevin_v1_FellBehind, FellBehind__Output as _langevin_v1_FellBehind__Output } from './langevin/v1/FellBehind.js';
import type { FetchState as _langevin_v1_FetchState, FetchState__Output as _langevin_v1_FetchState__Output } from './langevin/v1/FetchState.js';
import type { Heartbeat as _langevin_v1_Heartbeat, Heartbeat__Output as _langevin_v1_Heartbeat__Output } from './langevin/v1/Heartbeat.js';
import type { HeldState as _langevin_v1_HeldState, HeldState__Output as _langevin_v1_HeldState__Output } from './langevin/v1/HeldState.js';
import type { Hello as _langevin_v1_Hello, Hello__Output as _langevin_v1_Hello__Output } from './langevin/v1/Hello.js';
import type { Leaving as _langevin_v1_Leaving, Leaving__Output as _langevin_v1_Leaving__Output } from './langevin/v1/Leaving.js';
import type { Member as _langevin_v1_Member, Member__Output as _langevin_v1_Member__Output } from './langevin/v1/Member.js';
import type { Members as _langevin_v1_Members, Members__Output as _langevin_v1_Members__Output } from './langevin/v1/Members.js';
import type { PeerTrouble as _langevin_v1_PeerTrouble, PeerTrouble__Output as _langevin_v1_PeerTrouble__Output } from './langevin/v1/PeerTrouble.js';
import type { Plan as _langevin_v1_Plan, Plan__Output as _langevin_v1_Plan__Output } from './langevin/v1/Plan.js';
import type { Prepared as _langevin_v1_Prepared, Prepared__Output as _langevin_v1_Prepared__Output } from './langevin/v1/Prepared.js';
import type { Ready as _langevin_v1_Ready, Ready__Output as _langevin_v1_Ready__Output } from './langevin/v1/Ready.js';
import type { Released as _langevin_v1_Released, Released__Output as _langevin_v1_Released__Output } from './langevin/v1/Released.js';
import type { RunStep as _langevin_v1_RunStep, RunStep__Output as _langevin_v1_RunStep__Output } from './langevin/v1/RunStep.js';
import type { Share as _langevin_v1_Share, Share__Output as _langevin_v1_Share__Output } from './langevin/v1/Share.js';
import type { ShareState as _langevin_v1_ShareState, ShareState__Output as _langevin_v1_ShareState__Output } from './langevin/v1/ShareState.js';
import type { StartJob as _langevin_v1_StartJob, StartJob__Output as _langevin_v1_StartJob__Output } from './langevin/v1/StartJob.js';
import type { StateFetched as _langevin_v1_StateFetched, StateFetched__Output as _langevin_v1_StateFetched__Output } from './langevin/v1/StateFetched.js';
import type { StateFile as _langevin_v1_StateFile, StateFile__Output as _langevin_v1_StateFile__Output } from './langevin/v1/StateFile.js';
import type { StateReady as _langevin_v1_StateReady, StateReady__Output as _langevin_v1_StateReady__Output } from './langevin/v1/StateReady.js';
import type { StepTimes as _langevin_v1_StepTimes, StepTimes__Output as _langevin_v1_StepTimes__Output } from './langevin/v1/StepTimes.js';
import type { StopJob as _langevin_v1_StopJob, StopJob__Output as _langevin_v1_StopJob__Output } from './langevin/v1/StopJob.js';
import type { Subtree as _langevin_v1_Subtree, Subtree__Output as _langevin_v1_Subtree__Output } from './langevin/v1/Subtree.js';
import type { TakeState as _langevin_v1_TakeState, TakeState__Output as _langevin_v1_TakeState__Output } from './langevin/v1/TakeState.js';
import type { TrainerFailed as _langevin_v1_TrainerFailed, TrainerFailed__Output as _langevin_v1_TrainerFailed__Output } from './langevin/v1/TrainerFailed.js';
import type { TrainerMessage as _langevin_v1_TrainerMessage, TrainerMessage__Output as _langevin_v1_TrainerMessage__Output } from './langevin/v1/TrainerMessage.js';
import type { Welcome as _langevin_v1_Welcome, Welcome__Output as _langevin_v1_Welcome__Output } from './langevin/v1/Welcome.js';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  langevin: {
    v1: {
      Beat: MessageTypeDefinition<_langevin_v1_Beat, _langevin_v1_Beat__Output>
      BlockRange: MessageTypeDefinition<_langevin_v1_BlockRange, _langevin_v1_BlockRange__Output>
      Checked: MessageTypeDefinition<_langevin_v1_Checked, _langevin_v1_Checked__Output>
      Cluster: SubtypeConstructor<typeof grpc.Client, _langevin_v1_ClusterClient> & { service: _langevin_v1_ClusterDefinition }
      Commit: MessageTypeDefinition<_langevin_v1_Commit, _langevin_v1_Commit__Output>
      Content: MessageTypeDefinition<_langevin_v1_Content, _langevin_v1_Content__Output>
      CoordinatorMessage: MessageTypeDefinition<_langevin_v1_CoordinatorMessage, _langevin_v1_CoordinatorMessage__Output>
      DropState: MessageTypeDefinition<_langevin_v1_DropState, _langevin_v1_DropState__Output>
      Endpoints: MessageTypeDefinition<_langevin_v1_Endpoints, _langevin_v1_Endpoints__Output>
      FellBehind: MessageTypeDefinition<_langevin_v1_FellBehind, _langevin_v1_FellBehind__Output>
      FetchState: MessageTypeDefinition<_langevin_v1_FetchState, _langevin_v1_FetchState__Output>
      Heartbeat: MessageTypeDefinition<_langevin_v1_Heartbeat, _langevin_v1_Heartbeat__Output>
      HeldState: MessageTypeDefinition<_langevin_v1_HeldState, _langevin_v1_HeldState__Output>
      Hello: MessageTypeDefinition<_langevin_v1_Hello, _langevin_v1_Hello__Output>
      Leaving: MessageTypeDefinition<_langevin_v1_Leaving, _langevin_v1_Leaving__Output>
      Member: MessageTypeDefinition<_langevin_v1_Member, _langevin_v1_Member__Output>
      Members: MessageTypeDefinition<_langevin_v1_Members, _langevin_v1_Members__Output>
      PeerTrouble: MessageTypeDefinition<_langevin_v1_PeerTrouble, _langevin_v1_PeerTrouble__Output>
      Plan: MessageTypeDefinition<_langevin_v1_Plan, _langevin_v1_Plan__Output>
      Prepared: MessageTypeDefinition<_langevin_v1_Prepared, _langevin_v1_Prepared__Output>
      Ready: MessageTypeDefinition<_langevin_v1_Ready, _langevin_v1_Ready__Output>
      Released: MessageTypeDefinition<_langevin_v1_Released, _langevin_v1_Released__Output>
      RunStep: MessageTypeDefinition<_langevin_v1_RunStep, _langevin_v1_RunStep__Output>
      Share: MessageTypeDefinition<_langevin_v1_Share, _langevin_v1_Share__Output>
      ShareState: MessageTypeDefinition<_langevin_v1_ShareState, _langevin_v1_ShareState__Output>
      StartJob: MessageTypeDefinition<_langevin_v1_StartJob, _langevin_v1_StartJob__Output>
      StateFetched: MessageTypeDefinition<_langevin_v1_StateFetched, _langevin_v1_StateFetched__Output>
      StateFile: MessageTypeDefinition<_langevin_v1_StateFile, _langevin_v1_StateFile__Output>
      StateReady: MessageTypeDefinition<_langevin_v1_StateReady, _langevin_v1_StateReady__Output>
      StepTimes: MessageTypeDefinition<_langevin_v1_StepTimes, _langevin_v1_StepTimes__Output>
      StopJob: MessageTypeDefinition<_langevin_v1_StopJob, _langevin_v1_StopJob__Output>
      Subtree: MessageTypeDefinition<_langevin_v1_Subtree, _langevin_v1_Subtree__Output>
      TakeState: MessageTypeDefinition<_langevin_v1_TakeState, _langevin_v1_TakeState__Output>
      TrainerFailed: MessageTypeDefinition<_langevin_v1_TrainerFailed, _langevin_v1_TrainerFailed__Output>
      TrainerMessage: MessageTypeDefinition<_langevin_v1_TrainerMessage, _langevin_v1_TrainerMessage__Output>
      Welcome: MessageTypeDefinition<_langevin_v1_Welcome, _langevin_v1_Welcome__Output>
    }
  }
}

