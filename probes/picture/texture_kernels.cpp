// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/texture_kernels.h"

#include <algorithm>
#include <cstring>

namespace cleangate::probes {
namespace {

constexpr int kBytes_baseline = 16;
#if defined(__x86_64__)
constexpr int kBytes_v3 = 32, kBytes_v4 = 64;
#endif

constexpr int kCell = kTextureCell;

// Columns side by side in lanes of 16 bits. The largest sums of a lane: 8 lines of |L| of 10 bits
// (8 * 8184).
template <class Sample, int kBytes>
struct Lanes {
  static constexpr int kCount = kBytes / 2;
  typedef std::uint16_t Vector __attribute__((vector_size(kBytes)));
  typedef Sample Loaded __attribute__((vector_size(kBytes / 2 * sizeof(Sample))));

  static inline __attribute__((always_inline)) void load(Vector& into, const void* line, int x,
                                                         const TextureTask& task) {
    Loaded loaded;
    std::memcpy(&loaded, static_cast<const Sample*>(line) + x, sizeof loaded);
    into = (__builtin_convertvector(loaded, Vector) & task.mask) >> task.shift;
  }
  static inline __attribute__((always_inline)) void distance(Vector& into, const Vector& a,
                                                             const Vector& b) {
    into = (a > b ? a : b) - (a > b ? b : a);
  }
};

struct Folded {
  alignas(64) std::uint16_t lanes[32];
};
template <class Vector>
inline __attribute__((always_inline)) void store(Folded& folded, const Vector& vector) {
  std::memcpy(folded.lanes, &vector, sizeof vector);
}

template <class Sample, int kBytes>
inline __attribute__((always_inline)) void measure_columns(const TextureTask& task, int x,
                                                           TextureCell* out) {
  using In = Lanes<Sample, kBytes>;
  using Vector = typename In::Vector;
  Vector rough = {}, low = ~Vector{}, high = {}, plain = {}, steps = {}, step = {}, down_step = {},
         across = {};
  for (int i = 0; i < kCell; ++i) {
    const auto at = static_cast<std::size_t>(i + kTextureReach);
    const auto apart = static_cast<std::size_t>(task.apart);
    Vector up, here, down, left, right, side[2][2];
    In::load(up, task.lines[at - apart], x, task);
    In::load(here, task.lines[at], x, task);
    In::load(down, task.lines[at + apart], x, task);
    In::load(left, task.lines[at], x - 1, task);
    In::load(right, task.lines[at], x + 1, task);
    In::load(side[0][0], task.lines[at - apart], x - 1, task);
    In::load(side[0][1], task.lines[at - apart], x + 1, task);
    In::load(side[1][0], task.lines[at + apart], x - 1, task);
    In::load(side[1][1], task.lines[at + apart], x + 1, task);
    const Vector corners = side[0][0] + side[0][1] + side[1][0] + side[1][1] + here * 4;
    const Vector edges = (up + down + left + right) * 2;
    Vector found;
    In::distance(found, corners, edges);
    rough += found;
    plain -= static_cast<Vector>(found == 0);
    low = low < here ? low : here;
    high = high > here ? high : here;
    In::distance(found, here, left);
    across += found;
    steps -= static_cast<Vector>(found != 0);
    step = step > found ? step : found;
    In::distance(found, here, up);
    steps -= static_cast<Vector>(found != 0);
    down_step = down_step > found ? down_step : found;
  }
  Folded rough_, low_, high_, plain_, steps_, step_, down_step_, across_;
  store(rough_, rough);
  store(low_, low);
  store(high_, high);
  store(plain_, plain);
  store(steps_, steps);
  store(step_, step);
  store(down_step_, down_step);
  store(across_, across);
  for (int cell = 0; cell < In::kCount / kCell; ++cell) {
    TextureCell found;
    found.low = low_.lanes[cell * kCell];
    for (int i = 0; i < kCell; ++i) {
      const int lane = cell * kCell + i;
      found.rough += rough_.lanes[lane];
      found.low = std::min(found.low, low_.lanes[lane]);
      found.high = std::max(found.high, high_.lanes[lane]);
      found.plain = static_cast<std::uint16_t>(found.plain + plain_.lanes[lane]);
      found.steps = static_cast<std::uint16_t>(found.steps + steps_.lanes[lane]);
      found.step_across = std::max(found.step_across, step_.lanes[lane]);
      found.step = std::max(found.step, down_step_.lanes[lane]);
      found.across[static_cast<std::size_t>(i)] = across_.lanes[lane];
    }
    found.step = std::max(found.step, found.step_across);
    out[cell] = found;
  }
}

template <class Sample, int kBytes>
inline __attribute__((always_inline)) void measure(const TextureTask& task) {
  constexpr int kStep = Lanes<Sample, kBytes>::kCount;
  const int end = (task.cells - 1) * kCell;
  int x = kCell;
  TextureCell* out = task.out.data();
  // The right neighbors of the last column lie in the last cell.
  for (; x + kStep <= end; x += kStep, out += kStep / kCell)
    measure_columns<Sample, kBytes>(task, x, out);
  for (; x < end; x += kCell, ++out) measure_columns<Sample, 2 * kCell>(task, x, out);
}

#define CLEANGATE_TEXTURE_LEVEL(level, attribute)         \
  attribute void row8_##level(const TextureTask& task) {  \
    measure<std::uint8_t, kBytes_##level>(task);          \
  }                                                       \
  attribute void row16_##level(const TextureTask& task) { \
    measure<std::uint16_t, kBytes_##level>(task);         \
  }                                                       \
  constexpr TextureKernels k_##level{row8_##level, row16_##level};

CLEANGATE_FOR_EACH_CPU_LEVEL(CLEANGATE_TEXTURE_LEVEL)
#undef CLEANGATE_TEXTURE_LEVEL

}  // namespace

const TextureKernels& texture_kernels(CpuLevel level) { return CLEANGATE_KERNELS_OF(level); }

}  // namespace cleangate::probes
