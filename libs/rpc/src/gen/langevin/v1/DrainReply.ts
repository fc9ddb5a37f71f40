// Original file: ../../protos/langevin/v1/jobs.proto


export interface DrainReply {
}

export interface DrainReply__Output {
}
