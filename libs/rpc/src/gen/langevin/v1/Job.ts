// Original file: ../../protos/langevin/v1/jobs.proto

import type { JobPhase as _langevin_v1_JobPhase, JobPhase__Output as _langevin_v1_JobPhase__Output } from '../../langevin/v1/JobPhase.js';
import type { Long } from '@grpc/proto-loader';

export interface Job {
  'id'?: (string);
  'phase'?: (_langevin_v1_JobPhase);
  'reason'?: (string);
  'step'?: (number | string | Long);
  'totalSteps'?: (number | string | Long);
  'loss'?: (number | string);
  'imagesPerSecond'?: (number | string);
  'checkpoints'?: (number | string | Long);
  'lastCheckpoint'?: (string);
  'trainers'?: (string)[];
  'specJson'?: (string);
  'weightsSha256'?: (string);
  'startedAtStep'?: (number | string | Long);
  'errorCode'?: (string);
  'forkOf'?: (string);
  'warnings'?: (string)[];
}

export interface Job__Output {
  'id': (string);
  'phase': (_langevin_v1_JobPhase__Output);
  'reason': (string);
  'step': (string);
  'totalSteps': (string);
  'loss': (number);
  'imagesPerSecond': (number);
  'checkpoints': (string);
  'lastCheckpoint': (string);
  'trainers': (string)[];
  'specJson': (string);
  'weightsSha256': (string);
  'startedAtStep': (string);
  'errorCode': (string);
  'forkOf': (string);
  'warnings': (string)[];
}
