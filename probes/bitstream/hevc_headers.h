// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "probes/bitstream/label_track.h"
#include "probes/bitstream/vui.h"

// ITU-T H.265 syntax, as far as pictures can be told apart without decoding them.
namespace cleangate::probes::hevc {

struct ProfileTierLevel {
  int profile_idc = 0, level_idc = 0;  // level_idc: 30 times the level
  bool high_tier = false;
  bool progressive_source = false, interlaced_source = false, frame_only = false;
  std::uint32_t compatibility = 0;  // flag j in bit 31 - j
  // Format range extensions (7.3.3): what the profile rules out.
  bool max_12bit = false, max_10bit = false, max_8bit = false, max_422 = false, max_420 = false,
       max_monochrome = false, intra = false, one_picture_only = false;
};

struct Vps {
  std::optional<std::uint32_t> units_in_tick, time_scale;
};

struct Sps {
  int id = 0;
  ProfileTierLevel profile;
  int chroma_format_idc = 1, bit_depth_luma = 8, bit_depth_chroma = 8;
  bool separate_planes = false;
  int width = 0, height = 0;  // inside the conformance window; of a field where fields are coded
  bool vui_present = false;
  Vui vui;
  bool field_seq = false, frame_field_info = false, hrd_present = false;
};

struct Pps {
  int id = 0, sps_id = 0;
  bool dependent_slices = false, output_flag_present = false;
  int extra_slice_header_bits = 0;
};

struct Slice {
  int nal_type = 0, type = -1 /* 0 B, 1 P, 2 I; -1 = not read */, pps_id = 0;
  bool first_in_picture = false, output = true;
};

struct PicTiming {
  int pic_struct = -1;   // table D.2; -1 = not stated
  int source_scan = -1;  // 0 interlaced, 1 progressive, 2 unknown
};

// RBSPs after the two-byte NAL header.
[[nodiscard]] std::optional<Vps> parse_vps(std::span<const std::byte> rbsp);
[[nodiscard]] std::optional<Sps> parse_sps(std::span<const std::byte> rbsp);
[[nodiscard]] std::optional<Pps> parse_pps(std::span<const std::byte> rbsp);
[[nodiscard]] PicTiming parse_pic_timing(std::span<const std::byte> payload, const Sps& sps);
// First clock timestamp of a time code SEI message (D.2.27).
[[nodiscard]] std::optional<Label> parse_time_code(std::span<const std::byte> payload,
                                                   std::optional<Label> previous);
// `unit` with its NAL header. A slice of an unknown PPS, or a dependent one, leaves its type
// unread.
using PpsTable = std::array<std::optional<Pps>, 64>;
[[nodiscard]] std::optional<Slice> parse_slice(std::span<const std::byte> unit,
                                               const PpsTable& sets);

// "Main 10", "Main 4:2:2 10 Intra", annex A.3.
[[nodiscard]] std::optional<std::string> profile_name(const ProfileTierLevel& profile);
// "5.1"; the High tier is named ("5.1 High").
[[nodiscard]] std::string level_name(const ProfileTierLevel& profile);

}  // namespace cleangate::probes::hevc
