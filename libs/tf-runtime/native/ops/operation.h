// What every operation is written with: TensorFlow's kernels, and its threads.
#pragma once

#include <cstdint>

#include "tensorflow/core/framework/op.h"
#include "tensorflow/core/framework/op_kernel.h"
#include "tensorflow/core/framework/shape_inference.h"
#include "tensorflow/core/util/work_sharder.h"

namespace langevin {

using tensorflow::OpKernel;
using tensorflow::OpKernelConstruction;
using tensorflow::OpKernelContext;
using tensorflow::Tensor;
using tensorflow::TensorShape;
using tensorflow::errors::InvalidArgument;
using tensorflow::shape_inference::InferenceContext;

/** Runs `work(begin, end)` over parts of 0 … total on the threads of TensorFlow; a unit costs about `cost` operations. */
template <typename Work>
void InParallel(OpKernelContext* context, int64_t total, int64_t cost, const Work& work) {
  const auto& workers = *context->device()->tensorflow_cpu_worker_threads();
  tensorflow::Shard(workers.num_threads, workers.workers, total, cost, work);
}

}  // namespace langevin
