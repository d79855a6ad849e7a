// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "probes/facts.h"

namespace cleangate::specs {

// What one channel of a soundfield counts for in a loudness sum: ITU-R BS.1770-5 annex 1, table 3
// (1.41 for Ls and Rs of 5.1) and annex 3 (1.41 from 60 to 120 degrees of azimuth below 30 degrees
// of elevation, 1.00 elsewhere; the LFE does not count).
struct ChannelWeight {
  double gain = 1.0;
  bool counts = true;  // false: LFE, and what is no part of the mix (HI, VI-N, sync, timecode)
  bool known = true;   // false: the label names no position; taken as 1.00
};

// Labels as in facts ("L", "Ls", "Lss", "Lrs", "Ltf", …; libav's "FL", "SL", "BL", … and a leading
// "ch" are read too). A layout with a single pair of surround channels has it at ±110 degrees,
// whatever it is called; beside side channels, the rear ones stand behind 120 degrees.
[[nodiscard]] ChannelWeight channel_weight(const probes::Soundfield& soundfield,
                                           std::size_t channel);

}  // namespace cleangate::specs
