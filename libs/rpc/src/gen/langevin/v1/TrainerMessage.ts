// Original file: ../../protos/langevin/v1/cluster.proto

import type { Hello as _langevin_v1_Hello, Hello__Output as _langevin_v1_Hello__Output } from '../../langevin/v1/Hello.js';
import type { Heartbeat as _langevin_v1_Heartbeat, Heartbeat__Output as _langevin_v1_Heartbeat__Output } from '../../langevin/v1/Heartbeat.js';
import type { Ready as _langevin_v1_Ready, Ready__Output as _langevin_v1_Ready__Output } from '../../langevin/v1/Ready.js';
import type { PartialReady as _langevin_v1_PartialReady, PartialReady__Output as _langevin_v1_PartialReady__Output } from '../../langevin/v1/PartialReady.js';
import type { Prepared as _langevin_v1_Prepared, Prepared__Output as _langevin_v1_Prepared__Output } from '../../langevin/v1/Prepared.js';
import type { StateReady as _langevin_v1_StateReady, StateReady__Output as _langevin_v1_StateReady__Output } from '../../langevin/v1/StateReady.js';
import type { TrainerFailed as _langevin_v1_TrainerFailed, TrainerFailed__Output as _langevin_v1_TrainerFailed__Output } from '../../langevin/v1/TrainerFailed.js';

export interface TrainerMessage {
  'hello'?: (_langevin_v1_Hello | null);
  'heartbeat'?: (_langevin_v1_Heartbeat | null);
  'ready'?: (_langevin_v1_Ready | null);
  'partialReady'?: (_langevin_v1_PartialReady | null);
  'prepared'?: (_langevin_v1_Prepared | null);
  'stateReady'?: (_langevin_v1_StateReady | null);
  'failed'?: (_langevin_v1_TrainerFailed | null);
  'body'?: "hello"|"heartbeat"|"ready"|"partialReady"|"prepared"|"stateReady"|"failed";
}

export interface TrainerMessage__Output {
  'hello'?: (_langevin_v1_Hello__Output | null);
  'heartbeat'?: (_langevin_v1_Heartbeat__Output | null);
  'ready'?: (_langevin_v1_Ready__Output | null);
  'partialReady'?: (_langevin_v1_PartialReady__Output | null);
  'prepared'?: (_langevin_v1_Prepared__Output | null);
  'stateReady'?: (_langevin_v1_StateReady__Output | null);
  'failed'?: (_langevin_v1_TrainerFailed__Output | null);
  'body'?: "hello"|"heartbeat"|"ready"|"partialReady"|"prepared"|"stateReady"|"failed";
}
