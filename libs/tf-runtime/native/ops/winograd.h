// 3×3 convolution with stride 1 and one pixel of zeros around, by Winograd's minimal filtering F(4×4, 3×3) (Lavin & Gray 2016): a tile of 4×4 results
// costs 36 multiplications a pair of channels instead of 144. Channels are multiples of 8. No order depends on the number of threads.
#pragma once

#include <cstdint>
#include <functional>

namespace langevin {

/** y is [images, height, width, channels], and so is x, unless each of its pixels stands for 2×2 of what is convolved: then both sides are half as long. */
struct Images {
  int64_t images;
  int64_t height;
  int64_t width;
  bool doubled;
  bool bfloat16;  // Whether images and filters are rounded to bfloat16 as they are read.
};

/** Makes room for so many floats; it lasts as long as the caller's call. Null when there is none. */
using Scratch = std::function<float*(int64_t size)>;

/**
 * y [.., outputs] = x [.., inputs] ∗ filter [3, 3, inputs, outputs], + bias [outputs] unless it is null.
 * @param adjoint the gradient with respect to x instead: x is dy [.., outputs'], filter [3, 3, outputs, inputs] as it was, turned and transposed
 * @returns false when there was no memory
 */
bool Convolve(const Images& images, int64_t inputs, int64_t outputs, const float* x, const float* filter, bool adjoint, const float* bias, float* y,
              const Scratch& scratch);

/** The gradient with respect to the filter [3, 3, inputs, outputs], for x [.., inputs] and dy [.., outputs]. */
bool FilterGradient(const Images& images, int64_t inputs, int64_t outputs, const float* x, const float* dy, float* dfilter,
                    const Scratch& scratch);

}  // namespace langevin
