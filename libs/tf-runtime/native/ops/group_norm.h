// Group normalisation (Wu & He 2018) of x + shift, optionally followed by SiLU, and its gradient, for one image after another.
// Sums over pixels are float32 over short blocks and float64 beyond. No order depends on the number of threads.
#pragma once

#include <cstdint>

namespace langevin {

/** One image is [pixels, channels]; `groups` divides the channels. */
struct GroupNormShape {
  int64_t pixels;
  int64_t channels;
  int64_t groups;
};

/** What the layer knows besides x. `shift` [channels] may be null. */
struct GroupNormLayer {
  const float* scale;
  const float* offset;
  const float* shift;
  float epsilon;
  bool activate;
};

/** Writes y like x, and mean and 1/√(variance + ε) of each group. */
void GroupNormForward(const GroupNormShape& shape, const GroupNormLayer& layer, const float* x, float* y, float* mean, float* inverse_deviation);

/** Gradients of one image: `dx` like x; `dscale`, `doffset` and `dshift` [channels], the last only when there is a shift. */
void GroupNormBackward(const GroupNormShape& shape, const GroupNormLayer& layer, const float* dy, const float* x, const float* mean,
                       const float* inverse_deviation, float* dx, float* dscale, float* doffset, float* dshift);

}  // namespace langevin
