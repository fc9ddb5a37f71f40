// Original file: ../../protos/langevin/v1/cluster.proto

import type { Welcome as _langevin_v1_Welcome, Welcome__Output as _langevin_v1_Welcome__Output } from '../../langevin/v1/Welcome.js';
import type { StartJob as _langevin_v1_StartJob, StartJob__Output as _langevin_v1_StartJob__Output } from '../../langevin/v1/StartJob.js';
import type { Members as _langevin_v1_Members, Members__Output as _langevin_v1_Members__Output } from '../../langevin/v1/Members.js';
import type { RunStep as _langevin_v1_RunStep, RunStep__Output as _langevin_v1_RunStep__Output } from '../../langevin/v1/RunStep.js';
import type { Commit as _langevin_v1_Commit, Commit__Output as _langevin_v1_Commit__Output } from '../../langevin/v1/Commit.js';
import type { ShareState as _langevin_v1_ShareState, ShareState__Output as _langevin_v1_ShareState__Output } from '../../langevin/v1/ShareState.js';
import type { DropState as _langevin_v1_DropState, DropState__Output as _langevin_v1_DropState__Output } from '../../langevin/v1/DropState.js';
import type { FetchState as _langevin_v1_FetchState, FetchState__Output as _langevin_v1_FetchState__Output } from '../../langevin/v1/FetchState.js';
import type { TakeState as _langevin_v1_TakeState, TakeState__Output as _langevin_v1_TakeState__Output } from '../../langevin/v1/TakeState.js';
import type { StopJob as _langevin_v1_StopJob, StopJob__Output as _langevin_v1_StopJob__Output } from '../../langevin/v1/StopJob.js';
import type { Released as _langevin_v1_Released, Released__Output as _langevin_v1_Released__Output } from '../../langevin/v1/Released.js';
import type { Beat as _langevin_v1_Beat, Beat__Output as _langevin_v1_Beat__Output } from '../../langevin/v1/Beat.js';

export interface CoordinatorMessage {
  'welcome'?: (_langevin_v1_Welcome | null);
  'startJob'?: (_langevin_v1_StartJob | null);
  'members'?: (_langevin_v1_Members | null);
  'runStep'?: (_langevin_v1_RunStep | null);
  'commit'?: (_langevin_v1_Commit | null);
  'shareState'?: (_langevin_v1_ShareState | null);
  'dropState'?: (_langevin_v1_DropState | null);
  'fetchState'?: (_langevin_v1_FetchState | null);
  'takeState'?: (_langevin_v1_TakeState | null);
  'stopJob'?: (_langevin_v1_StopJob | null);
  'released'?: (_langevin_v1_Released | null);
  'beat'?: (_langevin_v1_Beat | null);
  'body'?: "welcome"|"startJob"|"members"|"runStep"|"commit"|"shareState"|"dropState"|"fetchState"|"takeState"|"stopJob"|"released"|"beat";
}

export interface CoordinatorMessage__Output {
  'welcome'?: (_langevin_v1_Welcome__Output | null);
  'startJob'?: (_langevin_v1_StartJob__Output | null);
  'members'?: (_langevin_v1_Members__Output | null);
  'runStep'?: (_langevin_v1_RunStep__Output | null);
  'commit'?: (_langevin_v1_Commit__Output | null);
  'shareState'?: (_langevin_v1_ShareState__Output | null);
  'dropState'?: (_langevin_v1_DropState__Output | null);
  'fetchState'?: (_langevin_v1_FetchState__Output | null);
  'takeState'?: (_langevin_v1_TakeState__Output | null);
  'stopJob'?: (_langevin_v1_StopJob__Output | null);
  'released'?: (_langevin_v1_Released__Output | null);
  'beat'?: (_langevin_v1_Beat__Output | null);
  'body'?: "welcome"|"startJob"|"members"|"runStep"|"commit"|"shareState"|"dropState"|"fetchState"|"takeState"|"stopJob"|"released"|"beat";
}
