// Original file: ../../protos/langevin/v1/jobs.proto


export interface Trainer {
  'id'?: (string);
  'name'?: (string);
  'address'?: (string);
  'job'?: (string);
  'numerics'?: ({[key: string]: string});
}

export interface Trainer__Output {
  'id': (string);
  'name': (string);
  'address': (string);
  'job': (string);
  'numerics': ({[key: string]: string});
}
