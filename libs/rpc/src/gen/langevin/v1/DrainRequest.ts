// Original file: ../../protos/langevin/v1/jobs.proto


export interface DrainRequest {
  'name'?: (string);
}

export interface DrainRequest__Output {
  'name': (string);
}
