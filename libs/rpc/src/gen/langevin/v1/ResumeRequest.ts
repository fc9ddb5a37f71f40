// Original file: ../../protos/langevin/v1/jobs.proto


export interface ResumeRequest {
  'run'?: (string);
  'from'?: (string);
  'settings'?: (string)[];
}

export interface ResumeRequest__Output {
  'run': (string);
  'from': (string);
  'settings': (string)[];
}
