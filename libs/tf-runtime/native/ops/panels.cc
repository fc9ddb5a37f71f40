#include "panels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace langevin {
namespace {

/** A block of the result: some rows of it, and the columns of a panel or two. */
struct Block {
  int64_t depth;
  LeftMatrix left;
  const float* right;
  float* c;
  int64_t c_stride;
  bool accumulate;

  Block Below(int64_t rows) const {
    Block next = *this;
    next.left.data += rows * left.row_stride;
    next.c += rows * c_stride;
    return next;
  }
};

template <int kRows, int kWidth>
inline void Plain(const Block& block) {
  float sums[kRows][kWidth];
  for (int r = 0; r < kRows; ++r) {
    for (int n = 0; n < kWidth; ++n) sums[r][n] = block.accumulate ? block.c[r * block.c_stride + n] : 0.0f;
  }
  for (int64_t k = 0; k < block.depth; ++k) {
    for (int r = 0; r < kRows; ++r) {
      const float a = block.left.data[r * block.left.row_stride + k * block.left.depth_stride];
      for (int n = 0; n < kWidth; ++n) sums[r][n] += a * block.right[k * kWidth + n];
    }
  }
  for (int r = 0; r < kRows; ++r) {
    for (int n = 0; n < kWidth; ++n) block.c[r * block.c_stride + n] = sums[r][n];
  }
}

/** Computes the first of the `columns` that are left; how many of them it returns. */
int64_t ColumnsPlain(const Block& block, int64_t rows, int64_t columns) {
  const int64_t width = std::min(columns, kPanel);
  Block at = block;
  for (; rows >= 4; rows -= 4, at = at.Below(4)) width == kPanel ? Plain<4, 16>(at) : Plain<4, 8>(at);
  for (; rows > 0; --rows, at = at.Below(1)) width == kPanel ? Plain<1, 16>(at) : Plain<1, 8>(at);
  return width;
}

#if defined(__x86_64__)

template <int kRows, int kVectors>
__attribute__((target("avx2,fma"))) void Avx2(const Block& block) {
  __m256 sums[kRows][kVectors];
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
    for (int n = 0; n < kVectors; ++n) sums[r][n] = block.accumulate ? _mm256_loadu_ps(block.c + r * block.c_stride + 8 * n) : _mm256_setzero_ps();
  }
  const float* a = block.left.data;
  const float* b = block.right;
  const int64_t row_stride = block.left.row_stride;
  const int64_t depth_stride = block.left.depth_stride;
  for (int64_t k = 0; k < block.depth; ++k, a += depth_stride, b += 8 * kVectors) {
    __m256 right[kVectors];
#pragma GCC unroll 2
    for (int n = 0; n < kVectors; ++n) right[n] = _mm256_loadu_ps(b + 8 * n);
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) {
      const __m256 left = _mm256_broadcast_ss(a + r * row_stride);
#pragma GCC unroll 2
      for (int n = 0; n < kVectors; ++n) sums[r][n] = _mm256_fmadd_ps(left, right[n], sums[r][n]);
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
    for (int n = 0; n < kVectors; ++n) _mm256_storeu_ps(block.c + r * block.c_stride + 8 * n, sums[r][n]);
  }
}

int64_t ColumnsAvx2(const Block& block, int64_t rows, int64_t columns) {
  const int64_t width = std::min(columns, kPanel);
  Block at = block;
  if (width == kPanel) {
    for (; rows >= 6; rows -= 6, at = at.Below(6)) Avx2<6, 2>(at);
    for (; rows >= 4; rows -= 4, at = at.Below(4)) Avx2<4, 2>(at);
    for (; rows > 0; --rows, at = at.Below(1)) Avx2<1, 2>(at);
  } else {
    for (; rows >= 12; rows -= 12, at = at.Below(12)) Avx2<12, 1>(at);
    for (; rows >= 4; rows -= 4, at = at.Below(4)) Avx2<4, 1>(at);
    for (; rows > 0; --rows, at = at.Below(1)) Avx2<1, 1>(at);
  }
  return width;
}

/** Of `kPanels` panels at once, so that one broadcast serves them all. */
template <int kRows, int kPanels>
__attribute__((target("avx512f"))) void Avx512(const Block& block) {
  __m512 sums[kRows][kPanels];
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
    for (int n = 0; n < kPanels; ++n) sums[r][n] = block.accumulate ? _mm512_loadu_ps(block.c + r * block.c_stride + n * kPanel) : _mm512_setzero_ps();
  }
  const float* a = block.left.data;
  const float* b = block.right;
  const int64_t row_stride = block.left.row_stride;
  const int64_t depth_stride = block.left.depth_stride;
  const int64_t panel = block.depth * kPanel;
  for (int64_t k = 0; k < block.depth; ++k, a += depth_stride, b += kPanel) {
    __m512 right[kPanels];
#pragma GCC unroll 2
    for (int n = 0; n < kPanels; ++n) right[n] = _mm512_loadu_ps(b + n * panel);
#pragma GCC unroll 16
    for (int r = 0; r < kRows; ++r) {
      const __m512 left = _mm512_set1_ps(a[r * row_stride]);
#pragma GCC unroll 2
      for (int n = 0; n < kPanels; ++n) sums[r][n] = _mm512_fmadd_ps(left, right[n], sums[r][n]);
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < kRows; ++r) {
#pragma GCC unroll 2
    for (int n = 0; n < kPanels; ++n) _mm512_storeu_ps(block.c + r * block.c_stride + n * kPanel, sums[r][n]);
  }
}

template <int kPanels>
void RowsAvx512(Block at, int64_t rows) {
  for (; rows >= 12; rows -= 12, at = at.Below(12)) Avx512<12, kPanels>(at);
  for (; rows >= 4; rows -= 4, at = at.Below(4)) Avx512<4, kPanels>(at);
  for (; rows > 0; --rows, at = at.Below(1)) Avx512<1, kPanels>(at);
}

int64_t ColumnsAvx512(const Block& block, int64_t rows, int64_t columns) {
  if (columns >= 2 * kPanel) return RowsAvx512<2>(block, rows), 2 * kPanel;
  if (columns >= kPanel) return RowsAvx512<1>(block, rows), kPanel;
  return ColumnsAvx2(block, rows, columns);
}

using Columns = int64_t (*)(const Block&, int64_t, int64_t);

Columns BestColumns() {
  if (__builtin_cpu_supports("avx512f")) return ColumnsAvx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return ColumnsAvx2;
  return ColumnsPlain;
}

const auto kColumns = BestColumns();

#else

constexpr auto kColumns = ColumnsPlain;

#endif

}  // namespace

void MultiplyPanels(int64_t rows, int64_t columns, int64_t depth, const LeftMatrix& left, const float* right, float* c, bool accumulate) {
  for (int64_t first = 0; first < columns;) {
    first += kColumns({depth, left, right + first * depth, c + first, columns, accumulate}, rows, columns - first);
  }
}

}  // namespace langevin
