// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/cpu_level.h"

namespace cleangate::probes {

CpuLevel best_cpu_level() {
#if defined(__x86_64__)
  static const CpuLevel best = [] {
    __builtin_cpu_init();
    const bool v3 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") &&
                    __builtin_cpu_supports("bmi2") && __builtin_cpu_supports("fma") &&
                    __builtin_cpu_supports("lzcnt") && __builtin_cpu_supports("movbe") &&
                    __builtin_cpu_supports("f16c");
    const bool v4 = v3 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                    __builtin_cpu_supports("avx512cd") && __builtin_cpu_supports("avx512dq") &&
                    __builtin_cpu_supports("avx512vl");
    return v4 ? CpuLevel::x86_64_v4 : v3 ? CpuLevel::x86_64_v3 : CpuLevel::baseline;
  }();
  return best;
#else
  return CpuLevel::baseline;
#endif
}

}  // namespace cleangate::probes
