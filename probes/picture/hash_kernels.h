// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

#include "probes/picture/cpu_level.h"

// XXH3-64 in parts, compiled for each level: the distribution's library has the slowest only, half
// as fast as the memory. Every level computes the same hash.
namespace cleangate::probes {

struct HashKernels {
  std::size_t state_bytes;  // to be aligned to kHashAlignment
  void (*reset)(void* state);
  void (*update)(void* state, const void* bytes, std::size_t count);
  std::uint64_t (*digest)(const void* state);
};
inline constexpr std::size_t kHashAlignment = 64;

// A level this machine lacks must not be asked for.
[[nodiscard]] const HashKernels& hash_kernels(CpuLevel level);

extern const HashKernels kHashBaseline, kHashV3, kHashV4;

}  // namespace cleangate::probes
