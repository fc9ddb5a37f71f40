// Original file: ../../protos/langevin/v1/cluster.proto

import type { StepTimes as _langevin_v1_StepTimes, StepTimes__Output as _langevin_v1_StepTimes__Output } from '../../langevin/v1/StepTimes.js';
import type { Long } from '@grpc/proto-loader';

export interface Heartbeat {
  'progress'?: (number | string | Long);
  'memoryBytes'?: (number | string | Long);
  'step'?: (_langevin_v1_StepTimes | null);
  'threads'?: (number);
  'leavesLeft'?: (number);
}

export interface Heartbeat__Output {
  'progress': (string);
  'memoryBytes': (string);
  'step': (_langevin_v1_StepTimes__Output | null);
  'threads': (number);
  'leavesLeft': (number);
}
