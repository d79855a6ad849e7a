// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "probes/claims.h"

namespace cleangate::probes {

// Counts how pictures state their scan. A picture that leaves it open takes the side of the others.
struct ScanTally {
  std::int64_t progressive = 0, interlaced = 0, top_first = 0, bottom_first = 0;

  void field_first(FieldOrder order) {
    ++interlaced;
    ++(order == FieldOrder::top ? top_first : bottom_first);
  }
  // Claims nothing while no picture was counted. The field order of a stream whose pictures differ
  // is the one that most of them state.
  void claim(VideoClaims& claims) const {
    if (progressive + interlaced == 0) return;
    claims.scan = interlaced == 0    ? Scan::progressive
                  : progressive == 0 ? Scan::interlaced
                                     : Scan::mixed;
    claims.field_order.reset();
    if (interlaced > 0 && top_first + bottom_first > 0)
      claims.field_order = top_first >= bottom_first ? FieldOrder::top : FieldOrder::bottom;
  }
};

}  // namespace cleangate::probes
