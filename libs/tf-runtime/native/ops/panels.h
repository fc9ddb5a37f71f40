// Matrix products whose right side lies in panels of sixteen columns, so that a small block of the result stays in registers.
#pragma once

#include <algorithm>
#include <cstdint>

namespace langevin {

constexpr int64_t kPanel = 16;

/** Where element (row, column) of a matrix in panels lies; its columns are a multiple of 8, the last panel has what is left. */
inline int64_t PanelIndex(int64_t row, int64_t column, int64_t rows, int64_t columns) {
  const int64_t first = column - column % kPanel;
  return first * rows + row * std::min(kPanel, columns - first) + column % kPanel;
}

/** The left side of a product: element (row, k) is data[row · row_stride + k · depth_stride]. */
struct LeftMatrix {
  const float* data;
  int64_t row_stride;
  int64_t depth_stride;
};

/**
 * c [rows, columns] = left · right, or c + left · right. `right` [depth, columns] lies in panels, `columns` is a multiple of 8, c is row-major.
 * Products are added in the order of k, one fused multiplication and addition after the other where the processor has it.
 */
void MultiplyPanels(int64_t rows, int64_t columns, int64_t depth, const LeftMatrix& left, const float* right, float* c, bool accumulate);

}  // namespace langevin
