// Original file: ../../protos/langevin/v1/cluster.proto

import type { Welcome as _langevin_v1_Welcome, Welcome__Output as _langevin_v1_Welcome__Output } from '../../langevin/v1/Welcome.js';
import type { StartJob as _langevin_v1_StartJob, StartJob__Output as _langevin_v1_StartJob__Output } from '../../langevin/v1/StartJob.js';
import type { RunStep as _langevin_v1_RunStep, RunStep__Output as _langevin_v1_RunStep__Output } from '../../langevin/v1/RunStep.js';
import type { ResultReady as _langevin_v1_ResultReady, ResultReady__Output as _langevin_v1_ResultReady__Output } from '../../langevin/v1/ResultReady.js';
import type { Commit as _langevin_v1_Commit, Commit__Output as _langevin_v1_Commit__Output } from '../../langevin/v1/Commit.js';
import type { TakeState as _langevin_v1_TakeState, TakeState__Output as _langevin_v1_TakeState__Output } from '../../langevin/v1/TakeState.js';
import type { StopJob as _langevin_v1_StopJob, StopJob__Output as _langevin_v1_StopJob__Output } from '../../langevin/v1/StopJob.js';

export interface CoordinatorMessage {
  'welcome'?: (_langevin_v1_Welcome | null);
  'startJob'?: (_langevin_v1_StartJob | null);
  'runStep'?: (_langevin_v1_RunStep | null);
  'resultReady'?: (_langevin_v1_ResultReady | null);
  'commit'?: (_langevin_v1_Commit | null);
  'takeState'?: (_langevin_v1_TakeState | null);
  'stopJob'?: (_langevin_v1_StopJob | null);
  'body'?: "welcome"|"startJob"|"runStep"|"resultReady"|"commit"|"takeState"|"stopJob";
}

export interface CoordinatorMessage__Output {
  'welcome'?: (_langevin_v1_Welcome__Output | null);
  'startJob'?: (_langevin_v1_StartJob__Output | null);
  'runStep'?: (_langevin_v1_RunStep__Output | null);
  'resultReady'?: (_langevin_v1_ResultReady__Output | null);
  'commit'?: (_langevin_v1_Commit__Output | null);
  'takeState'?: (_langevin_v1_TakeState__Output | null);
  'stopJob'?: (_langevin_v1_StopJob__Output | null);
  'body'?: "welcome"|"startJob"|"runStep"|"resultReady"|"commit"|"takeState"|"stopJob";
}
