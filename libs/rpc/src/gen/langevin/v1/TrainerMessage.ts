// Original file: ../../protos/langevin/v1/cluster.proto

import type { Hello as _langevin_v1_Hello, Hello__Output as _langevin_v1_Hello__Output } from '../../langevin/v1/Hello.js';
import type { Heartbeat as _langevin_v1_Heartbeat, Heartbeat__Output as _langevin_v1_Heartbeat__Output } from '../../langevin/v1/Heartbeat.js';
import type { Ready as _langevin_v1_Ready, Ready__Output as _langevin_v1_Ready__Output } from '../../langevin/v1/Ready.js';
import type { Prepared as _langevin_v1_Prepared, Prepared__Output as _langevin_v1_Prepared__Output } from '../../langevin/v1/Prepared.js';
import type { StateReady as _langevin_v1_StateReady, StateReady__Output as _langevin_v1_StateReady__Output } from '../../langevin/v1/StateReady.js';
import type { TrainerFailed as _langevin_v1_TrainerFailed, TrainerFailed__Output as _langevin_v1_TrainerFailed__Output } from '../../langevin/v1/TrainerFailed.js';
import type { PeerTrouble as _langevin_v1_PeerTrouble, PeerTrouble__Output as _langevin_v1_PeerTrouble__Output } from '../../langevin/v1/PeerTrouble.js';
import type { StateFetched as _langevin_v1_StateFetched, StateFetched__Output as _langevin_v1_StateFetched__Output } from '../../langevin/v1/StateFetched.js';
import type { FellBehind as _langevin_v1_FellBehind, FellBehind__Output as _langevin_v1_FellBehind__Output } from '../../langevin/v1/FellBehind.js';
import type { Leaving as _langevin_v1_Leaving, Leaving__Output as _langevin_v1_Leaving__Output } from '../../langevin/v1/Leaving.js';
import type { Checked as _langevin_v1_Checked, Checked__Output as _langevin_v1_Checked__Output } from '../../langevin/v1/Checked.js';

export interface TrainerMessage {
  'hello'?: (_langevin_v1_Hello | null);
  'heartbeat'?: (_langevin_v1_Heartbeat | null);
  'ready'?: (_langevin_v1_Ready | null);
  'prepared'?: (_langevin_v1_Prepared | null);
  'stateReady'?: (_langevin_v1_StateReady | null);
  'failed'?: (_langevin_v1_TrainerFailed | null);
  'trouble'?: (_langevin_v1_PeerTrouble | null);
  'stateFetched'?: (_langevin_v1_StateFetched | null);
  'fellBehind'?: (_langevin_v1_FellBehind | null);
  'leaving'?: (_langevin_v1_Leaving | null);
  'checked'?: (_langevin_v1_Checked | null);
  'body'?: "hello"|"heartbeat"|"ready"|"prepared"|"stateReady"|"failed"|"trouble"|"stateFetched"|"fellBehind"|"leaving"|"checked";
}

export interface TrainerMessage__Output {
  'hello'?: (_langevin_v1_Hello__Output | null);
  'heartbeat'?: (_langevin_v1_Heartbeat__Output | null);
  'ready'?: (_langevin_v1_Ready__Output | null);
  'prepared'?: (_langevin_v1_Prepared__Output | null);
  'stateReady'?: (_langevin_v1_StateReady__Output | null);
  'failed'?: (_langevin_v1_TrainerFailed__Output | null);
  'trouble'?: (_langevin_v1_PeerTrouble__Output | null);
  'stateFetched'?: (_langevin_v1_StateFetched__Output | null);
  'fellBehind'?: (_langevin_v1_FellBehind__Output | null);
  'leaving'?: (_langevin_v1_Leaving__Output | null);
  'checked'?: (_langevin_v1_Checked__Output | null);
  'body'?: "hello"|"heartbeat"|"ready"|"prepared"|"stateReady"|"failed"|"trouble"|"stateFetched"|"fellBehind"|"leaving"|"checked";
}
