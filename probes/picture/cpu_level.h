// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

// Levels of the x86-64 psABI that the inner loops are compiled for; every level computes the same.
namespace cleangate::probes {

enum class CpuLevel : std::uint8_t { baseline, x86_64_v3, x86_64_v4 };
[[nodiscard]] CpuLevel best_cpu_level();  // of this machine

}  // namespace cleangate::probes

// Defines `k_baseline`, `k_v3` and `k_v4` by a macro CLEANGATE_KERNELS(level, attribute) that names
// its functions *_level and gives each the attribute.
#if defined(__x86_64__)
#define CLEANGATE_FOR_EACH_CPU_LEVEL(KERNELS)            \
  KERNELS(baseline, )                                    \
  KERNELS(v3, __attribute__((target("arch=x86-64-v3")))) \
  KERNELS(v4, __attribute__((target("arch=x86-64-v4"))))
#define CLEANGATE_KERNELS_OF(level)                             \
  ((level) == ::cleangate::probes::CpuLevel::x86_64_v4   ? k_v4 \
   : (level) == ::cleangate::probes::CpuLevel::x86_64_v3 ? k_v3 \
                                                         : k_baseline)
#else
#define CLEANGATE_FOR_EACH_CPU_LEVEL(KERNELS) KERNELS(baseline, )
#define CLEANGATE_KERNELS_OF(level) (static_cast<void>(level), k_baseline)
#endif
