// LangevinGroupNorm and LangevinGroupNormGrad: group normalisation as one operation of TensorFlow, images shared out among its threads.
#include <vector>

#include "group_norm.h"
#include "operation.h"

namespace langevin {
namespace {

/** The inputs x [B, H, W, C], scale and offset [C], and shift [B, 1, 1, C] or a scalar that stands for none. */
struct Inputs {
  const Tensor& x;
  const Tensor& scale;
  const Tensor& offset;
  const Tensor& shift;
  GroupNormShape shape;

  Inputs(OpKernelContext* context, int first, int64_t groups)
      : x(context->input(first)), scale(context->input(first + 1)), offset(context->input(first + 2)), shift(context->input(first + 3)), shape{0, 0, groups} {
    if (x.dims() == 4) shape = {x.dim_size(1) * x.dim_size(2), x.dim_size(3), groups};
  }

  bool has_shift() const { return shift.dims() > 0; }
  int64_t images() const { return x.dim_size(0); }

  bool fit() const {
    return x.dims() == 4 && shape.groups > 0 && shape.channels % shape.groups == 0 && scale.NumElements() == shape.channels &&
           offset.NumElements() == shape.channels && (!has_shift() || shift.NumElements() == images() * shape.channels);
  }

  tensorflow::Status misfit() const {
    return InvalidArgument("group normalisation of x ", x.shape().DebugString(), " in ", shape.groups, " groups: scale ",
                                               scale.shape().DebugString(), ", offset ", offset.shape().DebugString(), " or shift ",
                                               shift.shape().DebugString(), " does not fit");
  }
};

/** The attributes of both operations. */
class GroupNormKernel : public OpKernel {
 public:
  explicit GroupNormKernel(OpKernelConstruction* construction) : OpKernel(construction) {
    OP_REQUIRES_OK(construction, construction->GetAttr("groups", &groups_));
    OP_REQUIRES_OK(construction, construction->GetAttr("epsilon", &epsilon_));
    OP_REQUIRES_OK(construction, construction->GetAttr("activate", &activate_));
  }

 protected:
  GroupNormLayer LayerOf(const Inputs& in, int64_t image) const {
    const float* shift = in.has_shift() ? in.shift.flat<float>().data() + image * in.shape.channels : nullptr;
    return {in.scale.flat<float>().data(), in.offset.flat<float>().data(), shift, epsilon_, activate_};
  }

  /** Calls `work` once for each image; `passes` is about how many operations an element costs. */
  template <typename Work>
  static void ForEachImage(const Inputs& in, int64_t passes, const Work& work) {
    InParts(in.images(), passes * in.shape.pixels * in.shape.channels,
                      [&work](int64_t begin, int64_t end) {
                        for (int64_t image = begin; image < end; ++image) work(image);
                      });
  }

  int64_t groups_;
  float epsilon_;
  bool activate_;
};

class GroupNormOp : public GroupNormKernel {
 public:
  using GroupNormKernel::GroupNormKernel;

  void Compute(OpKernelContext* context) override {
    const Inputs in(context, 0, groups_);
    OP_REQUIRES(context, in.fit(), in.misfit());
    Tensor *y = nullptr, *mean = nullptr, *inverse_deviation = nullptr;
    const TensorShape statistics({in.images(), groups_});
    OP_REQUIRES_OK(context, context->allocate_output(0, in.x.shape(), &y));
    OP_REQUIRES_OK(context, context->allocate_output(1, statistics, &mean));
    OP_REQUIRES_OK(context, context->allocate_output(2, statistics, &inverse_deviation));
    const int64_t size = in.shape.pixels * in.shape.channels;
    const float* x = in.x.flat<float>().data();
    float* to = y->flat<float>().data();
    float* means = mean->flat<float>().data();
    float* inverses = inverse_deviation->flat<float>().data();
    ForEachImage(in, 10, [&](int64_t image) {
      GroupNormForward(in.shape, LayerOf(in, image), x + image * size, to + image * size, means + image * groups_, inverses + image * groups_);
    });
  }
};

class GroupNormGradOp : public GroupNormKernel {
 public:
  using GroupNormKernel::GroupNormKernel;

  void Compute(OpKernelContext* context) override {
    const Tensor& dy = context->input(0);
    const Inputs in(context, 1, groups_);
    OP_REQUIRES(context, in.fit(), in.misfit());
    OP_REQUIRES(context, dy.NumElements() == in.x.NumElements() && context->input(5).NumElements() == in.images() * groups_ &&
                             context->input(6).NumElements() == in.images() * groups_,
                InvalidArgument("gradient of group normalisation: dy or the statistics do not fit x ", in.x.shape().DebugString()));
    Tensor *dx = nullptr, *dscale = nullptr, *doffset = nullptr, *dshift = nullptr;
    OP_REQUIRES_OK(context, context->allocate_output(0, in.x.shape(), &dx));
    OP_REQUIRES_OK(context, context->allocate_output(1, in.scale.shape(), &dscale));
    OP_REQUIRES_OK(context, context->allocate_output(2, in.offset.shape(), &doffset));
    OP_REQUIRES_OK(context, context->allocate_output(3, in.shift.shape(), &dshift));
    const int64_t channels = in.shape.channels;
    const int64_t size = in.shape.pixels * channels;
    const float* from = dy.flat<float>().data();
    const float* x = in.x.flat<float>().data();
    const float* means = context->input(5).flat<float>().data();
    const float* inverses = context->input(6).flat<float>().data();
    float* to = dx->flat<float>().data();
    float* shifts = dshift->flat<float>().data();
    if (!in.has_shift()) shifts[0] = 0;
    // Of each image: scale, then offset.
    std::vector<float> parts(2 * channels * in.images());
    ForEachImage(in, 25, [&](int64_t image) {
      float* part = parts.data() + 2 * channels * image;
      GroupNormBackward(in.shape, LayerOf(in, image), from + image * size, x + image * size, means + image * groups_, inverses + image * groups_, to + image * size,
                        part, part + channels, in.has_shift() ? shifts + image * channels : nullptr);
    });
    AddUp(parts, in.images(), channels, dscale->flat<float>().data(), doffset->flat<float>().data());
  }

 private:
  /** The images one after the other, whoever computed them. */
  static void AddUp(const std::vector<float>& parts, int64_t images, int64_t channels, float* dscale, float* doffset) {
    for (int64_t c = 0; c < channels; ++c) dscale[c] = doffset[c] = 0;
    for (int64_t image = 0; image < images; ++image) {
      const float* part = parts.data() + 2 * channels * image;
      for (int64_t c = 0; c < channels; ++c) {
        dscale[c] += part[c];
        doffset[c] += part[channels + c];
      }
    }
  }
};

REGISTER_OP("LangevinGroupNorm")
    .Input("x: float")
    .Input("scale: float")
    .Input("offset: float")
    .Input("shift: float")
    .Output("y: float")
    .Output("mean: float")
    .Output("inverse_deviation: float")
    .Attr("groups: int")
    .Attr("epsilon: float")
    .Attr("activate: bool")
    .SetShapeFn([](InferenceContext* context) {
      int64_t groups;
      TF_RETURN_IF_ERROR(context->GetAttr("groups", &groups));
      const auto statistics = context->MakeShape({context->Dim(context->input(0), 0), context->MakeDim(groups)});
      context->set_output(0, context->input(0));
      context->set_output(1, statistics);
      context->set_output(2, statistics);
      return tensorflow::OkStatus();
    });

REGISTER_OP("LangevinGroupNormGrad")
    .Input("dy: float")
    .Input("x: float")
    .Input("scale: float")
    .Input("offset: float")
    .Input("shift: float")
    .Input("mean: float")
    .Input("inverse_deviation: float")
    .Output("dx: float")
    .Output("dscale: float")
    .Output("doffset: float")
    .Output("dshift: float")
    .Attr("groups: int")
    .Attr("epsilon: float")
    .Attr("activate: bool")
    .SetShapeFn([](InferenceContext* context) {
      for (int i = 0; i < 4; ++i) context->set_output(i, context->input(i + 1));
      return tensorflow::OkStatus();
    });

REGISTER_KERNEL_BUILDER(Name("LangevinGroupNorm").Device(tensorflow::DEVICE_CPU), GroupNormOp);
REGISTER_KERNEL_BUILDER(Name("LangevinGroupNormGrad").Device(tensorflow::DEVICE_CPU), GroupNormGradOp);

}  // namespace
}  // namespace langevin
