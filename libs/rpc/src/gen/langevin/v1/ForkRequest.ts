// Original file: ../../protos/langevin/v1/jobs.proto


export interface ForkRequest {
  'run'?: (string);
  'name'?: (string);
  'from'?: (string);
  'settings'?: (string)[];
}

export interface ForkRequest__Output {
  'run': (string);
  'name': (string);
  'from': (string);
  'settings': (string)[];
}
