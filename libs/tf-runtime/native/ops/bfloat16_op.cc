// LangevinToBfloat16: the numbers of a tensor, each rounded to the nearest bfloat16 and still stored as a float32.
#include "vectors.h"
#include "operation.h"

namespace langevin {
namespace {

LANGEVIN_FOR_EACH_PROCESSOR
void Round(const float* from, float* to, int64_t begin, int64_t end) {
  int64_t i = begin;
  for (; i + kLanes <= end; i += kLanes) Store(to + i, ToBfloat16(Load(from + i)));
  if (i < end) StorePart(to + i, ToBfloat16(LoadPart(from + i, end - i)), end - i);
}

class ToBfloat16Op : public OpKernel {
 public:
  using OpKernel::OpKernel;

  void Compute(OpKernelContext* context) override {
    const Tensor& x = context->input(0);
    Tensor* y = nullptr;
    OP_REQUIRES_OK(context, context->forward_input_or_allocate_output({0}, 0, x.shape(), &y));
    const float* from = x.flat<float>().data();
    float* to = y->flat<float>().data();
    InParts(x.NumElements(), 2, [&](int64_t begin, int64_t end) { Round(from, to, begin, end); });
  }
};

REGISTER_OP("LangevinToBfloat16").Input("x: float").Output("y: float").SetShapeFn([](InferenceContext* context) {
  context->set_output(0, context->input(0));
  return tensorflow::OkStatus();
});

REGISTER_KERNEL_BUILDER(Name("LangevinToBfloat16").Device(tensorflow::DEVICE_CPU), ToBfloat16Op);

}  // namespace
}  // namespace langevin
