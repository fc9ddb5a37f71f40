// Original file: ../../protos/langevin/v1/cluster.proto

import type { StateFile as _langevin_v1_StateFile, StateFile__Output as _langevin_v1_StateFile__Output } from '../../langevin/v1/StateFile.js';
import type { Long } from '@grpc/proto-loader';

export interface StateReady {
  'job'?: (string);
  'step'?: (number | string | Long);
  'files'?: (_langevin_v1_StateFile)[];
}

export interface StateReady__Output {
  'job': (string);
  'step': (string);
  'files': (_langevin_v1_StateFile__Output)[];
}
