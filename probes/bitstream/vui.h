// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/color.h"
#include "core/rational.h"
#include "probes/bitstream/bit_reader.h"
#include "probes/claims.h"

namespace cleangate::probes {

// The part of video usability information that H.264 (annex E) and HEVC (annex E) share.
struct Vui {
  std::optional<Rational> pixel_aspect;
  ColorDescription color;
  std::optional<std::string> chroma_siting;
  std::optional<std::uint32_t> units_in_tick, time_scale;
};

// aspect_ratio_info … chroma_loc_info: identical bits in both standards.
void read_common_vui(BitReader& bits, Vui& vui);
// time_scale / (units_in_tick * ticks_per_frame), where it is a sane rate.
[[nodiscard]] std::optional<Rational> frame_rate_of(const Vui& vui, int ticks_per_frame);
// "4:0:0", "4:2:0", "4:2:2", "4:4:4" of chroma_format_idc 0..3.
[[nodiscard]] std::string chroma_name(int chroma_format_idc);

}  // namespace cleangate::probes
