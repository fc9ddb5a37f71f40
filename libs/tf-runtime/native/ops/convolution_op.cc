// LangevinConv2D and its two gradients: 3×3 convolution as operations of TensorFlow, see winograd.h.
#include <vector>

#include "operation.h"
#include "winograd.h"

namespace langevin {
namespace {

using tensorflow::errors::ResourceExhausted;

/** What the three operations share: whether x has half the height and width of y, and whether what is multiplied is rounded to bfloat16. */
class ConvolutionKernel : public OpKernel {
 public:
  explicit ConvolutionKernel(OpKernelConstruction* construction) : OpKernel(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("doubled", &doubled_));
    OP_REQUIRES_OK(construction, construction->GetAttr("rounded", &rounded_));
  }

 protected:
  static bool IsImages(const Tensor& images) { return images.dims() == 4 && images.dim_size(3) % 8 == 0; }
  static bool IsFilter(const Tensor& filter, int64_t inputs, int64_t outputs) {
    return filter.shape() == TensorShape({3, 3, inputs, outputs}) && inputs % 8 == 0 && outputs % 8 == 0;
  }

  int64_t factor() const { return doubled_ ? 2 : 1; }

  /** Tensors in `kept` are given back with it. */
  static Scratch ScratchOf(OpKernelContext* context, std::vector<Tensor>* kept) {
    return [context, kept](int64_t size) -> float* {
      Tensor room;
      if (!context->allocate_temp(tensorflow::DT_FLOAT, TensorShape({size}), &room).ok()) return nullptr;
      kept->push_back(room);
      return kept->back().flat<float>().data();
    };
  }

  bool doubled_;
  bool rounded_;
};

class Conv2DOp : public ConvolutionKernel {
 public:
  using ConvolutionKernel::ConvolutionKernel;

  void Compute(OpKernelContext* context) override {
    const Tensor& x = context->input(0);
    const Tensor& filter = context->input(1);
    const Tensor& bias = context->input(2);
    const int64_t outputs = filter.dims() == 4 ? filter.dim_size(3) : 0;
    OP_REQUIRES(context, IsImages(x) && IsFilter(filter, x.dim_size(3), outputs) && (bias.dims() == 0 || bias.NumElements() == outputs),
                InvalidArgument("3x3 convolution of x ", x.shape().DebugString(), ": filter ", filter.shape().DebugString(), " or bias ",
                                bias.shape().DebugString(), " does not fit"));
    const Images images{x.dim_size(0), x.dim_size(1) * factor(), x.dim_size(2) * factor(), doubled_, rounded_};
    Tensor* y = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, TensorShape({images.images, images.height, images.width, outputs}), &y));
    std::vector<Tensor> kept;
    const bool done = Convolve(images, x.dim_size(3), outputs, x.flat<float>().data(), filter.flat<float>().data(), false,
                               bias.dims() == 0 ? nullptr : bias.flat<float>().data(), y->flat<float>().data(), ScratchOf(context, &kept));
    OP_REQUIRES(context, done, ResourceExhausted("no memory for a convolution"));
  }
};

class Conv2DInputGradOp : public ConvolutionKernel {
 public:
  using ConvolutionKernel::ConvolutionKernel;

  void Compute(OpKernelContext* context) override {
    const Tensor& dy = context->input(0);
    const Tensor& filter = context->input(1);
    const int64_t inputs = filter.dims() == 4 ? filter.dim_size(2) : 0;
    OP_REQUIRES(context, IsImages(dy) && IsFilter(filter, inputs, dy.dim_size(3)) && dy.dim_size(1) % factor() == 0 && dy.dim_size(2) % factor() == 0,
                InvalidArgument("gradient of a 3x3 convolution: filter ", filter.shape().DebugString(), " does not fit dy ", dy.shape().DebugString()));
    const Images images{dy.dim_size(0), dy.dim_size(1), dy.dim_size(2), doubled_, rounded_};
    Tensor* dx = nullptr;
    const TensorShape shape({images.images, images.height / factor(), images.width / factor(), inputs});
    OP_REQUIRES_OK(context, context->allocate_output(0, shape, &dx));
    std::vector<Tensor> kept;
    const bool done = Convolve(images, dy.dim_size(3), inputs, dy.flat<float>().data(), filter.flat<float>().data(), true, nullptr, dx->flat<float>().data(),
                               ScratchOf(context, &kept));
    OP_REQUIRES(context, done, ResourceExhausted("no memory for the gradient of a convolution"));
  }
};

class Conv2DFilterGradOp : public ConvolutionKernel {
 public:
  using ConvolutionKernel::ConvolutionKernel;

  void Compute(OpKernelContext* context) override {
    const Tensor& x = context->input(0);
    const Tensor& dy = context->input(1);
    OP_REQUIRES(context, IsImages(x) && IsImages(dy) && x.dim_size(0) == dy.dim_size(0) && x.dim_size(1) * factor() == dy.dim_size(1) &&
                             x.dim_size(2) * factor() == dy.dim_size(2),
                InvalidArgument("gradient of a 3x3 convolution: x ", x.shape().DebugString(), " does not fit dy ", dy.shape().DebugString()));
    const Images images{dy.dim_size(0), dy.dim_size(1), dy.dim_size(2), doubled_, rounded_};
    Tensor* dfilter = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, TensorShape({3, 3, x.dim_size(3), dy.dim_size(3)}), &dfilter));
    std::vector<Tensor> kept;
    const bool done = FilterGradient(images, x.dim_size(3), dy.dim_size(3), x.flat<float>().data(), dy.flat<float>().data(), dfilter->flat<float>().data(),
                                     ScratchOf(context, &kept));
    OP_REQUIRES(context, done, ResourceExhausted("no memory for the gradient of a convolution"));
  }
};

using tensorflow::shape_inference::DimensionHandle;

/** Images of the height and width of input `index`, times or divided by two, with so many channels. */
tensorflow::Status SetImages(InferenceContext* context, int index, bool grow, DimensionHandle channels) {
  bool doubled;
  TF_RETURN_IF_ERROR(context->GetAttr("doubled", &doubled));
  const auto images = context->input(index);
  if (!context->RankKnown(images)) {
    context->set_output(0, context->UnknownShape());
    return tensorflow::OkStatus();
  }
  DimensionHandle sides[2];
  for (int i = 0; i < 2; ++i) {
    sides[i] = context->Dim(images, i + 1);
    if (!doubled) continue;
    TF_RETURN_IF_ERROR(grow ? context->Multiply(sides[i], 2, &sides[i]) : context->Divide(sides[i], 2, true, &sides[i]));
  }
  context->set_output(0, context->MakeShape({context->Dim(images, 0), sides[0], sides[1], channels}));
  return tensorflow::OkStatus();
}

DimensionHandle DimensionOf(InferenceContext* context, int input, int dimension) {
  return context->RankKnown(context->input(input)) ? context->Dim(context->input(input), dimension) : context->UnknownDim();
}

REGISTER_OP("LangevinConv2D")
    .Input("x: float")
    .Input("filter: float")
    .Input("bias: float")
    .Output("y: float")
    .Attr("doubled: bool")
    .Attr("rounded: bool")
    .SetShapeFn([](InferenceContext* context) { return SetImages(context, 0, true, DimensionOf(context, 1, 3)); });

REGISTER_OP("LangevinConv2DInputGrad")
    .Input("dy: float")
    .Input("filter: float")
    .Output("dx: float")
    .Attr("doubled: bool")
    .Attr("rounded: bool")
    .SetShapeFn([](InferenceContext* context) { return SetImages(context, 0, false, DimensionOf(context, 1, 2)); });

REGISTER_OP("LangevinConv2DFilterGrad")
    .Input("x: float")
    .Input("dy: float")
    .Output("dfilter: float")
    .Attr("doubled: bool")
    .Attr("rounded: bool")
    .SetShapeFn([](InferenceContext* context) {
      const auto taps = context->MakeDim(3);
      context->set_output(0, context->MakeShape({taps, taps, DimensionOf(context, 0, 3), DimensionOf(context, 1, 3)}));
      return tensorflow::OkStatus();
    });

REGISTER_KERNEL_BUILDER(Name("LangevinConv2D").Device(tensorflow::DEVICE_CPU), Conv2DOp);
REGISTER_KERNEL_BUILDER(Name("LangevinConv2DInputGrad").Device(tensorflow::DEVICE_CPU), Conv2DInputGradOp);
REGISTER_KERNEL_BUILDER(Name("LangevinConv2DFilterGrad").Device(tensorflow::DEVICE_CPU), Conv2DFilterGradOp);

}  // namespace
}  // namespace langevin
