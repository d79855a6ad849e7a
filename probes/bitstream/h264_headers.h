// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "probes/bitstream/label_track.h"
#include "probes/bitstream/vui.h"

// ITU-T H.264 syntax, as far as pictures can be told apart without decoding them.
namespace cleangate::probes::h264 {

struct Sps {
  int id = 0, profile_idc = 0, constraints = 0 /* set0 in bit 7 */, level_idc = 0;
  int chroma_format_idc = 1, bit_depth_luma = 8, bit_depth_chroma = 8;
  bool separate_planes = false;
  int log2_max_frame_num = 4, poc_type = 0, log2_max_poc_lsb = 4;
  bool gaps_allowed = false;  // gaps_in_frame_num_value_allowed_flag
  bool frame_mbs_only = true, mbaff = false;
  int width = 0, height = 0;  // cropped, of the frame
  bool vui_present = false;
  Vui vui;
  bool hrd_present = false, pic_struct_present = false;
  int cpb_removal_delay_bits = 24, dpb_output_delay_bits = 24, time_offset_bits = 24;
};

struct Pps {
  int id = 0, sps_id = 0;
  bool bottom_poc_present = false;  // bottom_field_pic_order_in_frame_present_flag
};

struct Slice {
  int nal_type = 0, nal_ref_idc = 0, type = 0 /* 0 P, 1 B, 2 I, 3 SP, 4 SI */, pps_id = 0;
  std::uint32_t first_mb = 0, frame_num = 0, idr_pic_id = 0, poc_lsb = 0;
  std::int32_t delta_poc_bottom = 0;
  bool field = false, bottom = false;
  [[nodiscard]] bool idr() const { return nal_type == 5; }
};

struct PicTiming {
  int pic_struct = -1;           // table D-1; -1 = not stated
  std::optional<int> scan_type;  // ct_type: 0 progressive, 1 interlaced, 2 unknown
  std::optional<Label> label;    // of the first clock timestamp
};

// All take the RBSP after the NAL header; empty where the bytes contradict the syntax.
[[nodiscard]] std::optional<Sps> parse_sps(std::span<const std::byte> rbsp);
[[nodiscard]] std::optional<Pps> parse_pps(std::span<const std::byte> rbsp);
[[nodiscard]] PicTiming parse_pic_timing(std::span<const std::byte> payload, const Sps& sps,
                                         std::optional<Label> previous);

// Parameter sets by id. Slices of unknown sets still tell their type.
class ParameterSets {
 public:
  void add(const Sps& sps) { sps_[static_cast<std::size_t>(sps.id)] = sps; }
  void add(const Pps& pps) { pps_[static_cast<std::size_t>(pps.id)] = pps; }
  [[nodiscard]] const Pps* pps(int id) const;
  [[nodiscard]] const Sps* sps(int id) const;
  [[nodiscard]] const Sps* sps_of(const Slice& slice) const;

 private:
  std::array<std::optional<Sps>, 32> sps_;
  std::array<std::optional<Pps>, 256> pps_;
};

// `unit` with its NAL header byte.
[[nodiscard]] std::optional<Slice> parse_slice(std::span<const std::byte> unit,
                                               const ParameterSets& sets);
// 7.4.1.2.4: the second slice begins another picture.
[[nodiscard]] bool begins_picture(const Slice& previous, const Slice& next);

// "High 4:2:2 Intra", annex A; empty when the number has no name.
[[nodiscard]] std::optional<std::string> profile_name(const Sps& sps);
// "4.1", "1b", table A-1.
[[nodiscard]] std::string level_name(const Sps& sps);
[[nodiscard]] bool intra_profile(const Sps& sps);

}  // namespace cleangate::probes::h264
