// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cleangate::probes {

// What is told of a file without decoding it (parsers, packet probes, grouping). Raised when one of
// them is mended, so that files known by older facts have their packets read once more; their
// frames are not decoded again. Rows have versions of their own (probes/rows.h).
inline constexpr int kFactsVersion = 7;

}  // namespace cleangate::probes
