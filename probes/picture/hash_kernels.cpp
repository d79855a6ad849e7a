// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/hash_kernels.h"

namespace cleangate::probes {

const HashKernels& hash_kernels(CpuLevel level) {
#if defined(__x86_64__)
  if (level == CpuLevel::x86_64_v4) return kHashV4;
  if (level == CpuLevel::x86_64_v3) return kHashV3;
#endif
  static_cast<void>(level);
  return kHashBaseline;
}

}  // namespace cleangate::probes
