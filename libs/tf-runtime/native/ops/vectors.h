// Eight or sixteen float32 numbers at once, and the functions of them that the operations need. The compiler makes of them what the processor has.
// Everything is + − × ÷ in a fixed order, compiled without contraction: the same bits on every processor and from every compiler.
#pragma once

#include <cstdint>
#include <cstring>

// The loader takes the best version for the processor. Where there is no such choice the compiler's own target is used.
#if defined(__x86_64__) && defined(__linux__)
#define LANGEVIN_FOR_EACH_PROCESSOR __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define LANGEVIN_FOR_EACH_PROCESSOR
#endif
#define LANGEVIN_INLINE inline __attribute__((always_inline))
#define LANGEVIN_INLINED __attribute__((always_inline))

namespace langevin {

constexpr int64_t kLanes = 8;
typedef float Float8 __attribute__((vector_size(32)));
typedef int32_t Int8 __attribute__((vector_size(32)));
typedef float Float16 __attribute__((vector_size(64)));

/** Numbers in a vector of this type. */
template <typename Vector>
constexpr int64_t kLanesOf = sizeof(Vector) / sizeof(float);

/** Names a type of vectors. */
template <typename Type>
struct Lanes {
  using Vector = Type;
};

#if defined(__x86_64__)
template <typename Work>
__attribute__((target("avx512f"))) void OnAvx512(const Work& work) {
  work(Lanes<Float16>());
}

template <typename Work>
__attribute__((target("avx2"))) void OnAvx2(const Work& work) {
  work(Lanes<Float8>());
}
#endif

/** Calls work(Lanes<Vector>()) with the widest vectors that the processor has and that divide `count`, a multiple of 8; `work` is LANGEVIN_INLINED. */
template <typename Work>
void OnVectors(int64_t count, const Work& work) {
#if defined(__x86_64__)
  if (count % kLanesOf<Float16> == 0 && __builtin_cpu_supports("avx512f")) return OnAvx512(work);
  if (__builtin_cpu_supports("avx2")) return OnAvx2(work);
#endif
  work(Lanes<Float8>());
}

template <typename Vector = Float8>
LANGEVIN_INLINE Vector Load(const float* from) {
  Vector value;
  std::memcpy(&value, from, sizeof(value));
  return value;
}

/** The first `count` numbers; the others are 0. */
LANGEVIN_INLINE Float8 LoadPart(const float* from, int64_t count) {
  Float8 value = {};
  std::memcpy(&value, from, count * sizeof(float));
  return value;
}

template <typename Vector>
LANGEVIN_INLINE void Store(float* to, const Vector& value) {
  std::memcpy(to, &value, sizeof(value));
}

LANGEVIN_INLINE void StorePart(float* to, const Float8& value, int64_t count) { std::memcpy(to, &value, count * sizeof(float)); }

/** The nearest bfloat16, of two that are equally near the one with an even significand. NaN stays NaN, and what is beyond the largest becomes infinite. */
template <typename Vector>
LANGEVIN_INLINE Vector ToBfloat16(const Vector& x) {
  typedef uint32_t Bits __attribute__((vector_size(sizeof(Vector))));
  Bits bits;
  std::memcpy(&bits, &x, sizeof(bits));
  bits = (bits + 0x7fff + (bits >> 16 & 1)) & 0xffff0000;
  Vector rounded;
  std::memcpy(&rounded, &bits, sizeof(rounded));
  return x == x ? rounded : x;
}

/** e^x to about 1e-7 for |x| ≤ 87, and its value there beyond (S. L. Moshier, Cephes, expf). NaN stays NaN. */
LANGEVIN_INLINE Float8 Exp(const Float8& argument) {
  const Float8 low = Float8{} - 87.0f;
  const Float8 high = Float8{} + 87.0f;
  Float8 x = argument < low ? low : argument;
  x = x > high ? high : x;
  // Adding and taking away 1.5·2²³ rounds to a whole number.
  const Float8 whole = (x * 1.44269504088896341f + 12582912.0f) - 12582912.0f;
  x = x - whole * 0.693359375f;
  x = x - whole * -2.12194440e-4f;
  Float8 p = x * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * x + 8.3334519073e-3f;
  p = p * x + 4.1665795894e-2f;
  p = p * x + 1.6666665459e-1f;
  p = p * x + 5.0000001201e-1f;
  p = p * (x * x) + x + 1.0f;
  const Int8 exponent = (__builtin_convertvector(whole, Int8) + 127) << 23;
  Float8 scale;
  std::memcpy(&scale, &exponent, sizeof(scale));
  return p * scale;
}

LANGEVIN_INLINE Float8 Sigmoid(const Float8& x) { return 1.0f / (1.0f + Exp(-x)); }

}  // namespace langevin
