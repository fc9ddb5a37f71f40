// Original file: ../../protos/langevin/v1/cluster.proto

import type { Content as _langevin_v1_Content, Content__Output as _langevin_v1_Content__Output } from '../../langevin/v1/Content.js';
import type { StateFile as _langevin_v1_StateFile, StateFile__Output as _langevin_v1_StateFile__Output } from '../../langevin/v1/StateFile.js';
import type { Long } from '@grpc/proto-loader';

export interface StartJob {
  'job'?: (string);
  'specJson'?: (string);
  'dataset'?: (_langevin_v1_Content | null);
  'step'?: (number | string | Long);
  'resumeFrom'?: (_langevin_v1_StateFile)[];
  'joins'?: (boolean);
}

export interface StartJob__Output {
  'job': (string);
  'specJson': (string);
  'dataset': (_langevin_v1_Content__Output | null);
  'step': (string);
  'resumeFrom': (_langevin_v1_StateFile__Output)[];
  'joins': (boolean);
}
