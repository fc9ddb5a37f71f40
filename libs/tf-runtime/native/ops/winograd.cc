#include "winograd.h"

#include <algorithm>
#include <vector>

#include "../team.h"
#include "panels.h"
#include "vectors.h"

namespace langevin {
namespace {

constexpr int64_t kTile = 4;              // Results of a tile along a side.
constexpr int64_t kPatch = 6;             // Pixels that they depend on.
constexpr int64_t kPoints = kPatch * kPatch;

/** The six products of one dimension from six pixels: Bᵀ·d. */
template <typename Vector>
LANGEVIN_INLINE void ToPoints(const Vector d[kPatch], Vector t[kPatch]) {
  const Vector even = d[4] - 4.0f * d[2];
  const Vector odd = d[3] - 4.0f * d[1];
  const Vector evenHalf = d[4] - d[2];
  const Vector oddHalf = 2.0f * (d[3] - d[1]);
  t[0] = 4.0f * d[0] - 5.0f * d[2] + d[4];
  t[1] = even + odd;
  t[2] = even - odd;
  t[3] = evenHalf + oddHalf;
  t[4] = evenHalf - oddHalf;
  t[5] = 4.0f * d[1] - 5.0f * d[3] + d[5];
}

/** Four results of one dimension from six products: Aᵀ·m. */
template <typename Vector>
LANGEVIN_INLINE void FromPoints(const Vector m[kPatch], Vector o[kTile]) {
  const Vector sum = m[1] + m[2];
  const Vector difference = m[1] - m[2];
  const Vector sum2 = m[3] + m[4];
  const Vector difference2 = m[3] - m[4];
  o[0] = m[0] + sum + sum2;
  o[1] = difference + 2.0f * difference2;
  o[2] = sum + 4.0f * sum2;
  o[3] = difference + 8.0f * difference2 + m[5];
}

/** The adjoint of FromPoints: A·o. */
template <typename Vector>
LANGEVIN_INLINE void FromPointsAdjoint(const Vector o[kTile], Vector m[kPatch]) {
  const Vector even = o[0] + o[2];
  const Vector odd = o[1] + o[3];
  const Vector even2 = o[0] + 4.0f * o[2];
  const Vector odd2 = 2.0f * o[1] + 8.0f * o[3];
  m[0] = o[0];
  m[1] = even + odd;
  m[2] = even - odd;
  m[3] = even2 + odd2;
  m[4] = even2 - odd2;
  m[5] = o[3];
}

/** Six factors of one dimension from three taps: G·g. */
template <typename Vector>
LANGEVIN_INLINE void FilterToPoints(const Vector g[3], Vector u[kPatch]) {
  const Vector outer = g[0] + g[2];
  const Vector wide = g[0] + 4.0f * g[2];
  u[0] = g[0] * 0.25f;
  u[1] = (outer + g[1]) * (-1.0f / 6.0f);
  u[2] = (outer - g[1]) * (-1.0f / 6.0f);
  u[3] = (wide + 2.0f * g[1]) * (1.0f / 24.0f);
  u[4] = (wide - 2.0f * g[1]) * (1.0f / 24.0f);
  u[5] = g[2];
}

/** The adjoint of FilterToPoints: Gᵀ·u. */
template <typename Vector>
LANGEVIN_INLINE void FilterFromPoints(const Vector u[kPatch], Vector g[3]) {
  const Vector sum = (u[1] + u[2]) * (-1.0f / 6.0f);
  const Vector difference = (u[1] - u[2]) * (-1.0f / 6.0f);
  const Vector sum2 = (u[3] + u[4]) * (1.0f / 24.0f);
  const Vector difference2 = (u[3] - u[4]) * (1.0f / 24.0f);
  g[0] = u[0] * 0.25f + sum + sum2;
  g[1] = difference + 2.0f * difference2;
  g[2] = sum + 4.0f * sum2 + u[5];
}

/** From the matrix of one point to that of the next: a cache line more than they need, or all 36 would meet in a few lines of the cache. */
constexpr int64_t Spaced(int64_t floats) { return floats + 16; }

/** Where a tile lies. */
struct Tile {
  int64_t image, row, column;  // Of the image, and of its first result.
};

/** The tiles of a batch, one after the other. */
struct Tiling {
  Images images;
  int64_t down, across;

  explicit Tiling(const Images& of) : images(of), down((of.height + kTile - 1) / kTile), across((of.width + kTile - 1) / kTile) {}
  int64_t count() const { return images.images * down * across; }
  Tile at(int64_t index) const { return {index / (down * across), index / across % down * kTile, index % across * kTile}; }
};

/** Neighbours in an image, as the products are to see them. */
template <typename Vector, bool kBfloat16>
LANGEVIN_INLINE Vector LoadOperand(const float* from) {
  return kBfloat16 ? ToBfloat16(Load<Vector>(from)) : Load<Vector>(from);
}

/** Bᵀ d B of tiles `first` … `end`, to v [points] of [tiles, channels], `stride` apart. */
template <typename Vector, bool kBfloat16>
LANGEVIN_INLINE void TransformInputOf(const Tiling& tiling, bool doubled, int64_t channels, const float* x, int64_t first, int64_t end, float* v, int64_t stride) {
  const int64_t height = tiling.images.height;
  const int64_t width = tiling.images.width;
  const int half_size = doubled ? 1 : 0;
  const int64_t pitch = (width >> half_size) * channels;
  for (int64_t index = first; index < end; ++index) {
    const Tile tile = tiling.at(index);
    const float* image = x + tile.image * (height >> half_size) * pitch;
    float* to = v + (index - first) * channels;
    for (int64_t c = 0; c < channels; c += kLanesOf<Vector>) {
      Vector half[kPatch][kPatch];
      for (int64_t j = 0; j < kPatch; ++j) {
        const int64_t column = tile.column + j - 1;
        Vector d[kPatch], t[kPatch];
        for (int64_t i = 0; i < kPatch; ++i) {
          const int64_t row = tile.row + i - 1;
          const bool inside = row >= 0 && row < height && column >= 0 && column < width;
          d[i] = inside ? LoadOperand<Vector, kBfloat16>(image + (row >> half_size) * pitch + (column >> half_size) * channels + c) : Vector{};
        }
        ToPoints(d, t);
        for (int64_t i = 0; i < kPatch; ++i) half[i][j] = t[i];
      }
      for (int64_t i = 0; i < kPatch; ++i) {
        Vector t[kPatch];
        ToPoints(half[i], t);
        for (int64_t j = 0; j < kPatch; ++j) Store(to + (i * kPatch + j) * stride + c, t[j]);
      }
    }
  }
}

void TransformInput(const Tiling& tiling, bool doubled, int64_t channels, const float* x, int64_t first, int64_t end, float* v, int64_t stride) {
  OnVectors(channels, [&](auto lanes) LANGEVIN_INLINED {
    using Vector = typename decltype(lanes)::Vector;
    if (tiling.images.bfloat16) return TransformInputOf<Vector, true>(tiling, doubled, channels, x, first, end, v, stride);
    TransformInputOf<Vector, false>(tiling, doubled, channels, x, first, end, v, stride);
  });
}

/** Aᵀ m A of tiles `first` … `end` from m [points] of [tiles, channels], `stride` apart, clipped to the images. */
template <typename Vector>
LANGEVIN_INLINE void TransformOutputOf(const Tiling& tiling, int64_t channels, const float* m, int64_t first, int64_t end, int64_t stride, const float* bias, float* y) {
  const int64_t height = tiling.images.height;
  const int64_t width = tiling.images.width;
  for (int64_t index = first; index < end; ++index) {
    const Tile tile = tiling.at(index);
    float* image = y + tile.image * height * width * channels;
    const float* from = m + (index - first) * channels;
    const int64_t rows = std::min(kTile, height - tile.row);
    const int64_t columns = std::min(kTile, width - tile.column);
    for (int64_t c = 0; c < channels; c += kLanesOf<Vector>) {
      Vector half[kTile][kPatch];
      for (int64_t j = 0; j < kPatch; ++j) {
        Vector points[kPatch], o[kTile];
        for (int64_t i = 0; i < kPatch; ++i) points[i] = Load<Vector>(from + (i * kPatch + j) * stride + c);
        FromPoints(points, o);
        for (int64_t i = 0; i < kTile; ++i) half[i][j] = o[i];
      }
      const Vector offset = bias ? Load<Vector>(bias + c) : Vector{};
      for (int64_t i = 0; i < rows; ++i) {
        Vector o[kTile];
        FromPoints(half[i], o);
        for (int64_t j = 0; j < columns; ++j) Store(image + ((tile.row + i) * width + tile.column + j) * channels + c, o[j] + offset);
      }
    }
  }
}

void TransformOutput(const Tiling& tiling, int64_t channels, const float* m, int64_t first, int64_t end, int64_t stride, const float* bias, float* y) {
  OnVectors(channels, [&](auto lanes) LANGEVIN_INLINED { TransformOutputOf<typename decltype(lanes)::Vector>(tiling, channels, m, first, end, stride, bias, y); });
}

/** The same, where each pixel of y gets the sum of 2×2 results. */
template <typename Vector>
LANGEVIN_INLINE void TransformOutputHalvedOf(const Tiling& tiling, int64_t channels, const float* m, int64_t first, int64_t end, int64_t stride, float* y) {
  const int64_t height = tiling.images.height / 2;
  const int64_t width = tiling.images.width / 2;
  for (int64_t index = first; index < end; ++index) {
    const Tile tile = tiling.at(index);
    float* image = y + tile.image * height * width * channels;
    const float* from = m + (index - first) * channels;
    const int64_t rows = std::min(kTile / 2, height - tile.row / 2);
    const int64_t columns = std::min(kTile / 2, width - tile.column / 2);
    for (int64_t c = 0; c < channels; c += kLanesOf<Vector>) {
      Vector half[kTile / 2][kPatch];
      for (int64_t j = 0; j < kPatch; ++j) {
        Vector points[kPatch], o[kTile];
        for (int64_t i = 0; i < kPatch; ++i) points[i] = Load<Vector>(from + (i * kPatch + j) * stride + c);
        FromPoints(points, o);
        for (int64_t i = 0; i < kTile / 2; ++i) half[i][j] = o[2 * i] + o[2 * i + 1];
      }
      for (int64_t i = 0; i < rows; ++i) {
        Vector o[kTile];
        FromPoints(half[i], o);
        for (int64_t j = 0; j < columns; ++j) Store(image + ((tile.row / 2 + i) * width + tile.column / 2 + j) * channels + c, o[2 * j] + o[2 * j + 1]);
      }
    }
  }
}

void TransformOutputHalved(const Tiling& tiling, int64_t channels, const float* m, int64_t first, int64_t end, int64_t stride, float* y) {
  OnVectors(channels, [&](auto lanes) LANGEVIN_INLINED { TransformOutputHalvedOf<typename decltype(lanes)::Vector>(tiling, channels, m, first, end, stride, y); });
}

/** A dy Aᵀ of tiles `first` … `end` of the `tiles` from `origin` on, to m [points] of [tiles, channels] in panels, `Spaced`. */
template <typename Vector, bool kBfloat16>
LANGEVIN_INLINE void TransformOutputGradientOf(const Tiling& tiling, int64_t channels, const float* dy, int64_t first, int64_t end, int64_t origin, float* m, int64_t tiles) {
  const int64_t height = tiling.images.height;
  const int64_t width = tiling.images.width;
  for (int64_t index = first; index < end; ++index) {
    const Tile tile = tiling.at(index);
    const float* image = dy + tile.image * height * width * channels;
    for (int64_t c = 0; c < channels; c += kLanesOf<Vector>) {
      float* to = m + PanelIndex(index - origin, c, tiles, channels);
      Vector half[kPatch][kTile];
      for (int64_t j = 0; j < kTile; ++j) {
        const int64_t column = tile.column + j;
        Vector o[kTile], t[kPatch];
        for (int64_t i = 0; i < kTile; ++i) {
          const int64_t row = tile.row + i;
          o[i] = row < height && column < width ? LoadOperand<Vector, kBfloat16>(image + (row * width + column) * channels + c) : Vector{};
        }
        FromPointsAdjoint(o, t);
        for (int64_t i = 0; i < kPatch; ++i) half[i][j] = t[i];
      }
      for (int64_t i = 0; i < kPatch; ++i) {
        Vector t[kPatch];
        FromPointsAdjoint(half[i], t);
        for (int64_t j = 0; j < kPatch; ++j) Store(to + (i * kPatch + j) * Spaced(tiles * channels), t[j]);
      }
    }
  }
}

void TransformOutputGradient(const Tiling& tiling, int64_t channels, const float* dy, int64_t first, int64_t end, int64_t origin, float* m, int64_t tiles) {
  OnVectors(channels, [&](auto lanes) LANGEVIN_INLINED {
    using Vector = typename decltype(lanes)::Vector;
    if (tiling.images.bfloat16) return TransformOutputGradientOf<Vector, true>(tiling, channels, dy, first, end, origin, m, tiles);
    TransformOutputGradientOf<Vector, false>(tiling, channels, dy, first, end, origin, m, tiles);
  });
}

/** G g Gᵀ for input channels `first` … `end`, to u [points] of [inputs, outputs] in panels, `Spaced`. Filter: [3, 3, inputs, outputs]. */
template <typename Vector>
LANGEVIN_INLINE void TransformFilterOf(int64_t inputs, int64_t outputs, bool bfloat16, const float* filter, int64_t first, int64_t end, float* u) {
  for (int64_t input = first; input < end; ++input) {
    for (int64_t c = 0; c < outputs; c += kLanesOf<Vector>) {
      float* to = u + PanelIndex(input, c, inputs, outputs);
      Vector half[kPatch][3];
      for (int64_t j = 0; j < 3; ++j) {
        Vector g[3], t[kPatch];
        for (int64_t i = 0; i < 3; ++i) {
          g[i] = Load<Vector>(filter + ((i * 3 + j) * inputs + input) * outputs + c);
          if (bfloat16) g[i] = ToBfloat16(g[i]);
        }
        FilterToPoints(g, t);
        for (int64_t i = 0; i < kPatch; ++i) half[i][j] = t[i];
      }
      for (int64_t i = 0; i < kPatch; ++i) {
        Vector t[kPatch];
        FilterToPoints(half[i], t);
        for (int64_t j = 0; j < kPatch; ++j) Store(to + (i * kPatch + j) * Spaced(inputs * outputs), t[j]);
      }
    }
  }
}

void TransformFilter(int64_t inputs, int64_t outputs, bool bfloat16, const float* filter, int64_t first, int64_t end, float* u) {
  OnVectors(outputs, [&](auto lanes) LANGEVIN_INLINED { TransformFilterOf<typename decltype(lanes)::Vector>(inputs, outputs, bfloat16, filter, first, end, u); });
}

/** The filter turned by half and its channels exchanged: from [3, 3, outputs, inputs] to [3, 3, inputs, outputs]. */
void TurnFilter(int64_t inputs, int64_t outputs, const float* filter, int64_t first, int64_t end, float* turned) {
  for (int64_t tap = 0; tap < 9; ++tap) {
    const float* from = filter + (8 - tap) * inputs * outputs;
    float* to = turned + tap * inputs * outputs;
    for (int64_t input = first; input < end; ++input) {
      for (int64_t output = 0; output < outputs; ++output) to[input * outputs + output] = from[output * inputs + input];
    }
  }
}

/** Gᵀ du G for input channels `first` … `end`, from du [points] of [inputs, outputs], `Spaced`. */
template <typename Vector>
LANGEVIN_INLINE void TransformFilterGradientOf(int64_t inputs, int64_t outputs, const float* du, int64_t first, int64_t end, float* dfilter) {
  for (int64_t input = first; input < end; ++input) {
    for (int64_t c = 0; c < outputs; c += kLanesOf<Vector>) {
      const float* from = du + input * outputs + c;
      Vector half[3][kPatch];
      for (int64_t j = 0; j < kPatch; ++j) {
        Vector points[kPatch], g[3];
        for (int64_t i = 0; i < kPatch; ++i) points[i] = Load<Vector>(from + (i * kPatch + j) * Spaced(inputs * outputs));
        FilterFromPoints(points, g);
        for (int64_t i = 0; i < 3; ++i) half[i][j] = g[i];
      }
      for (int64_t i = 0; i < 3; ++i) {
        Vector g[3];
        FilterFromPoints(half[i], g);
        for (int64_t j = 0; j < 3; ++j) Store(dfilter + ((i * 3 + j) * inputs + input) * outputs + c, g[j]);
      }
    }
  }
}

void TransformFilterGradient(int64_t inputs, int64_t outputs, const float* du, int64_t first, int64_t end, float* dfilter) {
  OnVectors(outputs, [&](auto lanes) LANGEVIN_INLINED { TransformFilterGradientOf<typename decltype(lanes)::Vector>(inputs, outputs, du, first, end, dfilter); });
}

/** A multiple of twelve tiles, at least twelve, whose transforms take about `floats`. */
int64_t TilesWithin(int64_t floats, int64_t inputs, int64_t outputs, int64_t all) {
  const int64_t fitting = floats / (kPoints * (inputs + outputs)) / 12 * 12;
  return std::min(std::max<int64_t>(fitting, 12), (all + 11) / 12 * 12);
}

// About a level-2 cache, and twice that.
constexpr int64_t kBlockFloats = 96 * 1024;
constexpr int64_t kChunkFloats = 256 * 1024;

}  // namespace

bool Convolve(const Images& images, int64_t inputs, int64_t outputs, const float* x, const float* filter, bool adjoint, const float* bias, float* y,
              const Scratch& scratch) {
  const Tiling tiling(images);
  const int64_t u_stride = Spaced(inputs * outputs);
  float* u = scratch(kPoints * u_stride);
  float* turned = adjoint ? scratch(9 * inputs * outputs) : nullptr;
  if (u == nullptr || (adjoint && turned == nullptr)) return false;
  InParts(inputs, (adjoint ? 25 : 16) * outputs, [&](int64_t begin, int64_t end) {
    if (adjoint) TurnFilter(inputs, outputs, filter, begin, end, turned);
    TransformFilter(inputs, outputs, images.bfloat16, adjoint ? turned : filter, begin, end, u);
  });

  const int64_t tiles = TilesWithin(kBlockFloats, inputs, outputs, tiling.count());
  const int64_t v_stride = Spaced(tiles * inputs);
  const int64_t m_stride = Spaced(tiles * outputs);
  const int64_t blocks = (tiling.count() + tiles - 1) / tiles;
  InParts(blocks, kPoints * tiles * inputs * outputs / 8, [&](int64_t begin, int64_t end) {
    std::vector<float> room(kPoints * (v_stride + m_stride));
    float* v = room.data();
    float* m = v + kPoints * v_stride;
    for (int64_t first = begin * tiles; first < std::min(end * tiles, tiling.count()); first += tiles) {
      const int64_t last = std::min(first + tiles, tiling.count());
      TransformInput(tiling, images.doubled && !adjoint, inputs, x, first, last, v, v_stride);
      for (int64_t point = 0; point < kPoints; ++point) {
        MultiplyPanels(last - first, outputs, inputs, {v + point * v_stride, inputs, 1}, u + point * u_stride, m + point * m_stride, false);
      }
      if (adjoint && images.doubled) {
        TransformOutputHalved(tiling, outputs, m, first, last, m_stride, y);
      } else {
        TransformOutput(tiling, outputs, m, first, last, m_stride, bias, y);
      }
    }
  });
  return true;
}

bool FilterGradient(const Images& images, int64_t inputs, int64_t outputs, const float* x, const float* dy, float* dfilter,
                    const Scratch& scratch) {
  const Tiling tiling(images);
  const int64_t tiles = TilesWithin(kChunkFloats, inputs, outputs, tiling.count());
  const int64_t v_stride = Spaced(tiles * inputs);
  const int64_t u_stride = Spaced(inputs * outputs);
  float* v = scratch(kPoints * v_stride);
  float* m = scratch(kPoints * Spaced(tiles * outputs));
  float* du = scratch(kPoints * u_stride);
  if (v == nullptr || m == nullptr || du == nullptr) return false;
  for (int64_t first = 0; first < tiling.count(); first += tiles) {
    const int64_t count = std::min(tiles, tiling.count() - first);
    InParts(count, 10 * kPoints * (inputs + outputs) / 8, [&](int64_t begin, int64_t end) {
      TransformInput(tiling, images.doubled, inputs, x, first + begin, first + end, v + begin * inputs, v_stride);
      TransformOutputGradient(tiling, outputs, dy, first + begin, first + end, first, m, count);
    });
    InParts(kPoints, count * inputs * outputs / 8, [&](int64_t begin, int64_t end) {
      for (int64_t point = begin; point < end; ++point) {
        MultiplyPanels(inputs, outputs, count, {v + point * v_stride, 1, inputs}, m + point * Spaced(count * outputs), du + point * u_stride, first > 0);
      }
    });
  }
  InParts(inputs, 16 * outputs, [&](int64_t begin, int64_t end) { TransformFilterGradient(inputs, outputs, du, begin, end, dfilter); });
  return true;
}

}  // namespace langevin
