// Original file: ../../protos/langevin/v1/jobs.proto


export interface SubmitRequest {
  'specJson'?: (string);
}

export interface SubmitRequest__Output {
  'specJson': (string);
}
