#include "group_norm.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "vectors.h"

namespace langevin {
namespace {

/** Pixels whose sums are float32 before they are added to float64 ones. */
constexpr int64_t kBlock = 64;

/** Adds up to eight partial sums to float64 totals. */
LANGEVIN_INLINE void AddTo(double* totals, const Float8& sums, int64_t count) {
  for (int64_t i = 0; i < count; ++i) totals[i] += static_cast<double>(sums[i]);
}

/** Σ d and Σ d² over the pixels, for each channel, d being the distance from the first pixel: far from zero the squares of x would lose the variance. */
LANGEVIN_FOR_EACH_PROCESSOR
void Moments(const GroupNormShape& shape, const float* x, double* total, double* squares) {
  const int64_t channels = shape.channels;
  std::fill_n(total, channels, 0.0);
  std::fill_n(squares, channels, 0.0);
  for (int64_t first = 0; first < shape.pixels; first += kBlock) {
    const int64_t end = std::min(first + kBlock, shape.pixels);
    int64_t c = 0;
    for (; c + 2 * kLanes <= channels; c += 2 * kLanes) {
      const Float8 first0 = Load(x + c);
      const Float8 first1 = Load(x + c + kLanes);
      Float8 sum0 = {}, sum1 = {}, square0 = {}, square1 = {};
      for (int64_t p = first; p < end; ++p) {
        const Float8 d0 = Load(x + p * channels + c) - first0;
        const Float8 d1 = Load(x + p * channels + c + kLanes) - first1;
        sum0 += d0;
        sum1 += d1;
        square0 += d0 * d0;
        square1 += d1 * d1;
      }
      AddTo(total + c, sum0, kLanes);
      AddTo(total + c + kLanes, sum1, kLanes);
      AddTo(squares + c, square0, kLanes);
      AddTo(squares + c + kLanes, square1, kLanes);
    }
    for (; c < channels; c += kLanes) {
      const int64_t count = std::min(kLanes, channels - c);
      const Float8 start = LoadPart(x + c, count);
      Float8 sum = {}, square = {};
      for (int64_t p = first; p < end; ++p) {
        const Float8 value = LoadPart(x + p * channels + c, count) - start;
        sum += value;
        square += value * value;
      }
      AddTo(total + c, sum, count);
      AddTo(squares + c, square, count);
    }
  }
}

/** y = x·gain + bias, through SiLU if `activate`. */
template <bool activate>
LANGEVIN_INLINE Float8 Layer(const Float8& x, const Float8& gain, const Float8& bias) {
  const Float8 u = x * gain + bias;
  return activate ? u * Sigmoid(u) : u;
}

template <bool activate>
LANGEVIN_INLINE void ApplyRows(const GroupNormShape& shape, const float* x, const float* gain, const float* bias, float* y) {
  const int64_t channels = shape.channels;
  const int64_t whole = channels - channels % kLanes;
  for (int64_t at = 0; at < shape.pixels * channels; at += channels) {
    for (int64_t c = 0; c < whole; c += kLanes) Store(y + at + c, Layer<activate>(Load(x + at + c), Load(gain + c), Load(bias + c)));
    if (whole < channels) {
      const int64_t count = channels - whole;
      StorePart(y + at + whole, Layer<activate>(LoadPart(x + at + whole, count), LoadPart(gain + whole, count), LoadPart(bias + whole, count)), count);
    }
  }
}

LANGEVIN_FOR_EACH_PROCESSOR
void ApplyAffine(const GroupNormShape& shape, const float* x, const float* gain, const float* bias, float* y) {
  ApplyRows<false>(shape, x, gain, bias, y);
}

LANGEVIN_FOR_EACH_PROCESSOR
void ApplyActivated(const GroupNormShape& shape, const float* x, const float* gain, const float* bias, float* y) {
  ApplyRows<true>(shape, x, gain, bias, y);
}

/** dL/du from dL/dy: SiLU has the slope σ(u)·(1 + u·(1 − σ(u))). */
template <bool activate>
LANGEVIN_INLINE Float8 Slope(const Float8& dy, const Float8& x, const Float8& gain, const Float8& bias) {
  if (!activate) return dy;
  const Float8 u = x * gain + bias;
  const Float8 sigmoid = Sigmoid(u);
  return dy * (sigmoid * (1.0f + u * (1.0f - sigmoid)));
}

/** Writes du, and Σ du, Σ du·x and Σ x over the pixels of each channel. */
template <bool activate>
LANGEVIN_INLINE void SlopeRows(const GroupNormShape& shape, const float* dy, const float* x, const float* gain, const float* bias, float* du, double* du_total,
                               double* du_x, double* total) {
  const int64_t channels = shape.channels;
  std::fill_n(du_total, channels, 0.0);
  std::fill_n(du_x, channels, 0.0);
  std::fill_n(total, channels, 0.0);
  for (int64_t first = 0; first < shape.pixels; first += kBlock) {
    const int64_t end = std::min(first + kBlock, shape.pixels);
    for (int64_t c = 0; c < channels; c += kLanes) {
      const int64_t count = std::min(kLanes, channels - c);
      const bool whole = count == kLanes;
      const Float8 gains = whole ? Load(gain + c) : LoadPart(gain + c, count);
      const Float8 biases = whole ? Load(bias + c) : LoadPart(bias + c, count);
      Float8 sum = {}, product = {}, sum_x = {};
      for (int64_t p = first; p < end; ++p) {
        const int64_t at = p * channels + c;
        const Float8 value = whole ? Load(x + at) : LoadPart(x + at, count);
        const Float8 slope = Slope<activate>(whole ? Load(dy + at) : LoadPart(dy + at, count), value, gains, biases);
        if (whole) Store(du + at, slope);
        else StorePart(du + at, slope, count);
        sum += slope;
        product += slope * value;
        sum_x += value;
      }
      AddTo(du_total + c, sum, count);
      AddTo(du_x + c, product, count);
      AddTo(total + c, sum_x, count);
    }
  }
}

LANGEVIN_FOR_EACH_PROCESSOR
void SlopesAffine(const GroupNormShape& shape, const float* dy, const float* x, const float* gain, const float* bias, float* du, double* du_total, double* du_x,
                  double* total) {
  SlopeRows<false>(shape, dy, x, gain, bias, du, du_total, du_x, total);
}

LANGEVIN_FOR_EACH_PROCESSOR
void SlopesActivated(const GroupNormShape& shape, const float* dy, const float* x, const float* gain, const float* bias, float* du, double* du_total,
                     double* du_x, double* total) {
  SlopeRows<true>(shape, dy, x, gain, bias, du, du_total, du_x, total);
}

/** dx = gain·du − (tilt·x + level), over du in place. */
LANGEVIN_FOR_EACH_PROCESSOR
void Descend(const GroupNormShape& shape, const float* x, const float* gain, const float* tilt, const float* level, float* dx) {
  const int64_t channels = shape.channels;
  const int64_t whole = channels - channels % kLanes;
  for (int64_t at = 0; at < shape.pixels * channels; at += channels) {
    for (int64_t c = 0; c < whole; c += kLanes) {
      Store(dx + at + c, Load(gain + c) * Load(dx + at + c) - (Load(tilt + c) * Load(x + at + c) + Load(level + c)));
    }
    for (int64_t c = whole; c < channels; ++c) dx[at + c] = gain[c] * dx[at + c] - (tilt[c] * x[at + c] + level[c]);
  }
}

/** gain = scale/deviation and bias = (shift − mean)·gain + offset of each channel. */
void Affine(const GroupNormShape& shape, const GroupNormLayer& layer, const float* mean, const float* inverse_deviation, float* gain, float* bias) {
  const int64_t size = shape.channels / shape.groups;
  for (int64_t c = 0; c < shape.channels; ++c) {
    const int64_t g = c / size;
    gain[c] = inverse_deviation[g] * layer.scale[c];
    bias[c] = ((layer.shift ? layer.shift[c] : 0.0f) - mean[g]) * gain[c] + layer.offset[c];
  }
}

}  // namespace

void GroupNormForward(const GroupNormShape& shape, const GroupNormLayer& layer, const float* x, float* y, float* mean, float* inverse_deviation) {
  const int64_t channels = shape.channels;
  const int64_t size = channels / shape.groups;
  const double pixels = static_cast<double>(shape.pixels);
  std::vector<double> sums(2 * channels);
  double* total = sums.data();
  double* squares = total + channels;
  Moments(shape, x, total, squares);
  for (int64_t g = 0; g < shape.groups; ++g) {
    double sum = 0, square = 0;
    for (int64_t c = g * size; c < (g + 1) * size; ++c) {
      // With s the first pixel and the shift: Σ(d+s) = Σd + n·s and Σ(d+s)² = Σd² + s·(Σd + Σ(d+s)).
      const double shift = static_cast<double>(x[c]) + (layer.shift ? static_cast<double>(layer.shift[c]) : 0.0);
      const double shifted = total[c] + pixels * shift;
      sum += shifted;
      square += squares[c] + shift * (total[c] + shifted);
    }
    const double average = sum / (pixels * size);
    const double variance = std::max(square / (pixels * size) - average * average, 0.0);
    mean[g] = static_cast<float>(average);
    inverse_deviation[g] = static_cast<float>(1.0 / std::sqrt(variance + static_cast<double>(layer.epsilon)));
  }
  std::vector<float> factors(2 * channels);
  float* gain = factors.data();
  float* bias = gain + channels;
  Affine(shape, layer, mean, inverse_deviation, gain, bias);
  (layer.activate ? ApplyActivated : ApplyAffine)(shape, x, gain, bias, y);
}

void GroupNormBackward(const GroupNormShape& shape, const GroupNormLayer& layer, const float* dy, const float* x, const float* mean,
                       const float* inverse_deviation, float* dx, float* dscale, float* doffset, float* dshift) {
  const int64_t channels = shape.channels;
  const int64_t size = channels / shape.groups;
  const double pixels = static_cast<double>(shape.pixels);
  std::vector<float> factors(4 * channels);
  float* gain = factors.data();
  float* bias = gain + channels;
  float* tilt = bias + channels;
  float* level = tilt + channels;
  Affine(shape, layer, mean, inverse_deviation, gain, bias);
  std::vector<double> sums(3 * channels);
  double* du_total = sums.data();
  double* du_x = du_total + channels;
  double* total = du_x + channels;
  (layer.activate ? SlopesActivated : SlopesAffine)(shape, dy, x, gain, bias, dx, du_total, du_x, total);
  // With r = 1/deviation, which is the same all over a group, and x̂ = (x + center)·r:
  // dx = gain·du − r·(mean(scale·Σdu) + x̂·mean(scale·Σdu·x̂)) = gain·du − (tilt·x + level)
  for (int64_t g = 0; g < shape.groups; ++g) {
    const double r = inverse_deviation[g];
    double along = 0, plain = 0;
    for (int64_t c = g * size; c < (g + 1) * size; ++c) {
      const double center = (layer.shift ? static_cast<double>(layer.shift[c]) : 0.0) - static_cast<double>(mean[g]);
      const double centered = du_x[c] + center * du_total[c];
      along += static_cast<double>(gain[c]) * centered;
      plain += static_cast<double>(gain[c]) * du_total[c];
      dscale[c] = static_cast<float>(r * centered);
      doffset[c] = static_cast<float>(du_total[c]);
    }
    const double group_tilt = r * r * along / (pixels * size);
    for (int64_t c = g * size; c < (g + 1) * size; ++c) {
      const double center = (layer.shift ? static_cast<double>(layer.shift[c]) : 0.0) - static_cast<double>(mean[g]);
      const double channel_level = plain / (pixels * size) + group_tilt * center;
      tilt[c] = static_cast<float>(group_tilt);
      level[c] = static_cast<float>(channel_level);
      // Σ dx over the pixels, from the sums that are there already.
      if (layer.shift) dshift[c] = static_cast<float>(static_cast<double>(gain[c]) * du_total[c] - (group_tilt * total[c] + channel_level * pixels));
    }
  }
  Descend(shape, x, gain, tilt, level, dx);
}

}  // namespace langevin
