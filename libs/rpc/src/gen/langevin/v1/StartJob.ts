// Original file: ../../protos/langevin/v1/cluster.proto

import type { StateFile as _langevin_v1_StateFile, StateFile__Output as _langevin_v1_StateFile__Output } from '../../langevin/v1/StateFile.js';
import type { Long } from '@grpc/proto-loader';

export interface StartJob {
  'job'?: (string);
  'specJson'?: (string);
  'datasetJson'?: (string);
  'step'?: (number | string | Long);
  'resumeFrom'?: (_langevin_v1_StateFile)[];
}

export interface StartJob__Output {
  'job': (string);
  'specJson': (string);
  'datasetJson': (string);
  'step': (string);
  'resumeFrom': (_langevin_v1_StateFile__Output)[];
}
