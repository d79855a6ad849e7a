// SPDX-License-Identifier: Apache-2.0
#include "probes/facts.h"

#include "probes/facts/names.h"

namespace cleangate::probes {

std::string_view to_string(Depth value) { return name_of(kDepths, value); }
std::string_view to_string(StreamKind value) { return name_of(kStreamKinds, value); }
std::string_view to_string(Scan value) { return name_of(kScans, value); }
std::string_view to_string(FieldOrder value) { return name_of(kFieldOrders, value); }
std::string_view to_string(RateMode value) { return name_of(kRateModes, value); }
std::string_view to_string(BitRateMode value) { return name_of(kBitRateModes, value); }
std::string_view to_string(TimecodeSource value) { return name_of(kTimecodeSources, value); }
std::string_view to_string(Grouping value) { return name_of(kGroupings, value); }
std::string_view to_string(Status value) { return name_of(kStatuses, value); }

}  // namespace cleangate::probes
