// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cleangate::probes {

// Which reading of ours the facts of a file are. Counted up when a parser, a packet probe, the
// grouping or the capture of damage is mended, and remembered with the facts. Rows have versions of
// their own (probes/rows.h).
inline constexpr int kFactsVersion = 8;

// Facts told before this version are told anew when the file is met: its packets are read once
// more, its frames are not decoded again. To be raised to kFactsVersion when what is told without
// decoding was mended.
inline constexpr int kFactsToldAnewBefore = 7;

// Damage, and a file that is known in part only, found before this version are looked at again:
// the file is measured whole, decoded where it was. To be raised to kFactsVersion when something
// took sound files for damaged.
//   8: FLAC whose last checksum ends in a zero byte was partial.
inline constexpr int kDamageSeenAnewBefore = 8;

}  // namespace cleangate::probes
