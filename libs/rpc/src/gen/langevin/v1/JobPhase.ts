// Original file: ../../protos/langevin/v1/jobs.proto

export const JobPhase = {
  JOB_PHASE_UNSPECIFIED: 'JOB_PHASE_UNSPECIFIED',
  JOB_PHASE_QUEUED: 'JOB_PHASE_QUEUED',
  JOB_PHASE_STARTING: 'JOB_PHASE_STARTING',
  JOB_PHASE_RUNNING: 'JOB_PHASE_RUNNING',
  JOB_PHASE_SUCCEEDED: 'JOB_PHASE_SUCCEEDED',
  JOB_PHASE_FAILED: 'JOB_PHASE_FAILED',
  JOB_PHASE_CANCELLED: 'JOB_PHASE_CANCELLED',
} as const;

export type JobPhase =
  | 'JOB_PHASE_UNSPECIFIED'
  | 0
  | 'JOB_PHASE_QUEUED'
  | 1
  | 'JOB_PHASE_STARTING'
  | 2
  | 'JOB_PHASE_RUNNING'
  | 3
  | 'JOB_PHASE_SUCCEEDED'
  | 4
  | 'JOB_PHASE_FAILED'
  | 5
  | 'JOB_PHASE_CANCELLED'
  | 6

export type JobPhase__Output = typeof JobPhase[keyof typeof JobPhase]
