// Original file: ../../protos/langevin/v1/jobs.proto

import type { Job as _langevin_v1_Job, Job__Output as _langevin_v1_Job__Output } from '../../langevin/v1/Job.js';

export interface ListReply {
  'jobs'?: (_langevin_v1_Job)[];
}

export interface ListReply__Output {
  'jobs': (_langevin_v1_Job__Output)[];
}
