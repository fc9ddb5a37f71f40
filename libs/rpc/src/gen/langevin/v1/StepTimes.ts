// Original file: ../../protos/langevin/v1/cluster.proto


export interface StepTimes {
  'computeMs'?: (number | string);
  'exchangeMs'?: (number | string);
  'waitMs'?: (number | string);
}

export interface StepTimes__Output {
  'computeMs': (number);
  'exchangeMs': (number);
  'waitMs': (number);
}
