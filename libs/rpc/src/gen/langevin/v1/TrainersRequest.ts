// Original file: ../../protos/langevin/v1/jobs.proto


export interface TrainersRequest {
}

export interface TrainersRequest__Output {
}
