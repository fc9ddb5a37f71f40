// Original file: ../../protos/langevin/v1/cluster.proto

import type { Content as _langevin_v1_Content, Content__Output as _langevin_v1_Content__Output } from '../../langevin/v1/Content.js';
import type { Long } from '@grpc/proto-loader';

export interface ResultReady {
  'job'?: (string);
  'step'?: (number | string | Long);
  'content'?: (_langevin_v1_Content | null);
}

export interface ResultReady__Output {
  'job': (string);
  'step': (string);
  'content': (_langevin_v1_Content__Output | null);
}
