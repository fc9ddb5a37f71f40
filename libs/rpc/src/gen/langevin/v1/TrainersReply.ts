// Original file: ../../protos/langevin/v1/jobs.proto

import type { Trainer as _langevin_v1_Trainer, Trainer__Output as _langevin_v1_Trainer__Output } from '../../langevin/v1/Trainer.js';

export interface TrainersReply {
  'trainers'?: (_langevin_v1_Trainer)[];
}

export interface TrainersReply__Output {
  'trainers': (_langevin_v1_Trainer__Output)[];
}
