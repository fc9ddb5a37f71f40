// LangevinAdam: one update of Adam or AdamW and of the averaged weights, in one pass over the vectors.
#include <cmath>

#include "vectors.h"
#include "operation.h"

namespace langevin {
namespace {

/** What is the same for every element. */
struct Update {
  float beta1, one_minus_beta1, beta2, one_minus_beta2, epsilon;
  float step_size, root_correction, shrink, decay, one_minus_decay;
};

/** From the first of `from` elements on: params, m, v, ema and gradient; the four results go to `to`. */
LANGEVIN_FOR_EACH_PROCESSOR
void Apply(const Update& shared, const float* const from[5], float* const to[4], int64_t begin, int64_t end) {
  // What the compiler has to know to compute several elements at once: nobody changes the update, and results lie in memory of their own.
  const Update update = shared;
  const float* params = from[0];
  const float* m = from[1];
  const float* v = from[2];
  const float* ema = from[3];
  const float* gradient = from[4];
  float* to_params = to[0];
  float* to_m = to[1];
  float* to_v = to[2];
  float* to_ema = to[3];
#pragma GCC ivdep
  for (int64_t i = begin; i < end; ++i) {
    const float g = gradient[i];
    const float next_m = update.beta1 * m[i] + update.one_minus_beta1 * g;
    const float next_v = update.beta2 * v[i] + update.one_minus_beta2 * (g * g);
    const float denominator = std::sqrt(next_v) * update.root_correction + update.epsilon;
    const float next = params[i] * update.shrink - update.step_size * (next_m / denominator);
    to_params[i] = next;
    to_m[i] = next_m;
    to_v[i] = next_v;
    to_ema[i] = update.decay * ema[i] + update.one_minus_decay * next;
  }
}

class AdamOp : public OpKernel {
 public:
  explicit AdamOp(OpKernelConstruction* construction) : OpKernel(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("beta1", &update_.beta1));
    OP_REQUIRES_OK(construction, construction->GetAttr("one_minus_beta1", &update_.one_minus_beta1));
    OP_REQUIRES_OK(construction, construction->GetAttr("beta2", &update_.beta2));
    OP_REQUIRES_OK(construction, construction->GetAttr("one_minus_beta2", &update_.one_minus_beta2));
    OP_REQUIRES_OK(construction, construction->GetAttr("epsilon", &update_.epsilon));
  }

  void Compute(OpKernelContext* context) override {
    const int64_t size = context->input(0).NumElements();
    for (int i = 1; i < 9; ++i) {
      OP_REQUIRES(context, context->input(i).NumElements() == (i < 5 ? size : 1),
                  InvalidArgument("Adam: input ", i, " has ", context->input(i).NumElements(), " elements, the parameters ", size));
    }
    Update update = update_;
    update.step_size = context->input(5).flat<float>()(0);
    update.root_correction = context->input(6).flat<float>()(0);
    update.shrink = context->input(7).flat<float>()(0);
    update.decay = context->input(8).flat<float>()(0);
    update.one_minus_decay = 1.0f - update.decay;
    const float* from[5];
    for (int i = 0; i < 5; ++i) from[i] = context->input(i).flat<float>().data();
    float* to[4];
    for (int i = 0; i < 4; ++i) {
      Tensor* output = nullptr;
      OP_REQUIRES_OK(context, context->allocate_output(i, context->input(i).shape(), &output));
      to[i] = output->flat<float>().data();
    }
    InParts(size, 20, [&](int64_t begin, int64_t end) { Apply(update, from, to, begin, end); });
  }

 private:
  Update update_{};
};

REGISTER_OP("LangevinAdam")
    .Input("params: float")
    .Input("m: float")
    .Input("v: float")
    .Input("ema: float")
    .Input("gradient: float")
    .Input("step_size: float")
    .Input("root_correction: float")
    .Input("shrink: float")
    .Input("decay: float")
    .Output("next_params: float")
    .Output("next_m: float")
    .Output("next_v: float")
    .Output("next_ema: float")
    .Attr("beta1: float")
    .Attr("one_minus_beta1: float")
    .Attr("beta2: float")
    .Attr("one_minus_beta2: float")
    .Attr("epsilon: float")
    .SetShapeFn([](InferenceContext* context) {
      for (int i = 0; i < 4; ++i) context->set_output(i, context->input(i));
      return tensorflow::OkStatus();
    });

REGISTER_KERNEL_BUILDER(Name("LangevinAdam").Device(tensorflow::DEVICE_CPU), AdamOp);

}  // namespace
}  // namespace langevin
