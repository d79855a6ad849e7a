// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/light_table.h"

#include <algorithm>

namespace cleangate::probes {
namespace {
#include "probes/picture/light_table.inc"
constexpr int kFirst = 64, kLast = 1023;
}  // namespace

std::uint32_t light_of(LightScale scale, int code) {
  if (code <= kFirst) return 0;
  const int at = std::min(code, kLast) - kFirst;
  if (scale == LightScale::pq) return kPqLight[at];
  return scale == LightScale::hlg ? kHlgLight[at] : kGammaLight[at];
}

}  // namespace cleangate::probes
