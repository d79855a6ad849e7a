// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/hevc_headers.h"

#include <fmt/format.h>

#include <vector>

namespace cleangate::probes::hevc {
namespace {

constexpr std::uint32_t kLargestSide = 1U << 16;

// 7.3.3, the general part and the sub-layers.
ProfileTierLevel read_profile(BitReader& bits, int sub_layers) {
  ProfileTierLevel p;
  bits.skip(2);
  p.high_tier = bits.flag();
  p.profile_idc = bits.i(5);
  p.compatibility = bits.u(32);
  p.progressive_source = bits.flag();
  p.interlaced_source = bits.flag();
  bits.skip(1);
  p.frame_only = bits.flag();
  p.max_12bit = bits.flag();
  p.max_10bit = bits.flag();
  p.max_8bit = bits.flag();
  p.max_422 = bits.flag();
  p.max_420 = bits.flag();
  p.max_monochrome = bits.flag();
  p.intra = bits.flag();
  p.one_picture_only = bits.flag();
  bits.skip(36);
  p.level_idc = bits.i(8);
  std::array<bool, 8> profiles{}, levels{};
  for (int i = 0; i < sub_layers; ++i) {
    profiles[static_cast<std::size_t>(i)] = bits.flag();
    levels[static_cast<std::size_t>(i)] = bits.flag();
  }
  if (sub_layers > 0)
    for (int i = sub_layers; i < 8; ++i) bits.skip(2);
  for (int i = 0; i < sub_layers; ++i) {
    if (profiles[static_cast<std::size_t>(i)]) bits.skip(88);
    if (levels[static_cast<std::size_t>(i)]) bits.skip(8);
  }
  return p;
}

void skip_scaling_lists(BitReader& bits) {
  for (int size = 0; size < 4; ++size) {
    for (int matrix = 0; matrix < 6; matrix += size == 3 ? 3 : 1) {
      if (!bits.flag()) {
        bits.ue();
        continue;
      }
      const int coefficients = size == 0 ? 16 : 64;
      if (size > 1) bits.se();
      for (int i = 0; i < coefficients && bits.ok(); ++i) bits.se();
    }
  }
}

// 7.3.7; `deltas` holds NumDeltaPocs of the sets before.
bool skip_reference_set(BitReader& bits, std::vector<std::uint32_t>& deltas) {
  if (!deltas.empty() && bits.flag()) {
    bits.skip(1);
    bits.ue();
    std::uint32_t count = 0;
    for (std::uint32_t j = 0; j <= deltas.back(); ++j) {
      const bool used = bits.flag();
      if (used || bits.flag()) ++count;
    }
    deltas.push_back(count);
  } else {
    const std::uint32_t negative = bits.ue(), positive = bits.ue();
    if (negative > 16 || positive > 16) return false;
    for (std::uint32_t i = 0; i < negative + positive && bits.ok(); ++i) {
      bits.ue();
      bits.skip(1);
    }
    deltas.push_back(negative + positive);
  }
  return bits.ok() && deltas.back() <= 32;
}

void read_vui(BitReader& bits, Sps& sps) {
  Sps read = sps;
  read.vui_present = true;
  read_common_vui(bits, read.vui);
  bits.skip(1);  // neutral_chroma_indication_flag
  read.field_seq = bits.flag();
  read.frame_field_info = bits.flag();
  if (bits.flag())  // default display window
    for (int i = 0; i < 4; ++i) bits.ue();
  if (bits.flag()) {
    read.vui.units_in_tick = bits.u(32);
    read.vui.time_scale = bits.u(32);
  }
  if (bits.ok()) sps = read;  // damaged usability information says nothing
}

bool read_size(BitReader& bits, Sps& sps) {
  const std::uint64_t width = bits.ue(), height = bits.ue();
  std::array<std::uint64_t, 4> cut{};  // left, right, top, bottom
  if (bits.flag())
    for (auto& side : cut) side = bits.ue();
  const int array_type = sps.separate_planes ? 0 : sps.chroma_format_idc;
  const std::uint64_t unit_x = array_type == 1 || array_type == 2 ? 2 : 1;
  const std::uint64_t unit_y = array_type == 1 ? 2 : 1;
  const std::uint64_t cut_x = (cut[0] + cut[1]) * unit_x, cut_y = (cut[2] + cut[3]) * unit_y;
  if (!bits.ok() || width > kLargestSide || height > kLargestSide || cut_x >= width ||
      cut_y >= height)
    return false;
  sps.width = static_cast<int>(width - cut_x);
  sps.height = static_cast<int>(height - cut_y);
  return true;
}

// From the block sizes to the long-term pictures: what stands before the VUI.
bool skip_tools(BitReader& bits, int log2_max_poc_lsb) {
  for (int i = 0; i < 6; ++i) bits.ue();
  if (bits.flag() && bits.flag()) skip_scaling_lists(bits);
  bits.skip(2);
  if (bits.flag()) {  // PCM
    bits.skip(8);
    bits.ue();
    bits.ue();
    bits.skip(1);
  }
  const std::uint32_t sets = bits.ue();
  if (sets > 64) return false;
  std::vector<std::uint32_t> deltas;
  for (std::uint32_t i = 0; i < sets; ++i)
    if (!skip_reference_set(bits, deltas)) return false;
  if (bits.flag()) {
    const std::uint32_t pictures = bits.ue();
    if (pictures > 32) return false;
    for (std::uint32_t i = 0; i < pictures; ++i)
      bits.skip(static_cast<std::size_t>(log2_max_poc_lsb) + 1);
  }
  bits.skip(2);
  return bits.ok();
}

}  // namespace

std::optional<Vps> parse_vps(std::span<const std::byte> rbsp) {
  BitReader bits(rbsp);
  bits.skip(4 + 2 + 6);
  const int sub_layers = bits.i(3);
  bits.skip(1 + 16);
  if (sub_layers > 6) return std::nullopt;
  read_profile(bits, sub_layers);
  const bool each = bits.flag();
  for (int i = each ? 0 : sub_layers; i <= sub_layers; ++i)
    for (int k = 0; k < 3; ++k) bits.ue();
  const int layers = bits.i(6);
  const std::uint32_t sets = bits.ue();
  if (sets > 1023) return std::nullopt;
  for (std::uint32_t i = 0; i < sets && bits.ok(); ++i)
    bits.skip(static_cast<std::size_t>(layers) + 1);
  Vps vps;
  if (bits.flag()) {
    vps.units_in_tick = bits.u(32);
    vps.time_scale = bits.u(32);
  }
  if (!bits.ok()) return std::nullopt;
  return vps;
}

std::optional<Sps> parse_sps(std::span<const std::byte> rbsp) {
  BitReader bits(rbsp);
  bits.skip(4);
  const int sub_layers = bits.i(3);
  bits.skip(1);
  if (sub_layers > 6) return std::nullopt;
  Sps sps;
  sps.profile = read_profile(bits, sub_layers);
  const std::uint32_t id = bits.ue(), chroma = bits.ue();
  if (id > 15 || chroma > 3) return std::nullopt;
  sps.id = static_cast<int>(id);
  sps.chroma_format_idc = static_cast<int>(chroma);
  if (chroma == 3) sps.separate_planes = bits.flag();
  if (!read_size(bits, sps)) return std::nullopt;
  const std::uint32_t luma = bits.ue(), chroma_depth = bits.ue(), poc = bits.ue();
  if (!bits.ok() || luma > 8 || chroma_depth > 8 || poc > 12) return std::nullopt;
  sps.bit_depth_luma = 8 + static_cast<int>(luma);
  sps.bit_depth_chroma = 8 + static_cast<int>(chroma_depth);
  const bool each = bits.flag();
  for (int i = each ? 0 : sub_layers; i <= sub_layers; ++i)
    for (int k = 0; k < 3; ++k) bits.ue();
  // What follows the sizes may be damaged; then only the usability information is lost.
  if (skip_tools(bits, static_cast<int>(poc) + 4) && bits.flag()) read_vui(bits, sps);
  return sps;
}

std::optional<Pps> parse_pps(std::span<const std::byte> rbsp) {
  BitReader bits(rbsp);
  const std::uint32_t id = bits.ue(), sps_id = bits.ue();
  Pps pps;
  pps.dependent_slices = bits.flag();
  pps.output_flag_present = bits.flag();
  pps.extra_slice_header_bits = bits.i(3);
  if (!bits.ok() || id > 63 || sps_id > 15) return std::nullopt;
  pps.id = static_cast<int>(id);
  pps.sps_id = static_cast<int>(sps_id);
  return pps;
}

PicTiming parse_pic_timing(std::span<const std::byte> payload, const Sps& sps) {
  if (!sps.frame_field_info) return {};
  BitReader bits(payload);
  PicTiming timing{bits.i(4), bits.i(2)};
  if (!bits.ok() || timing.pic_struct > 12) return {};
  return timing;
}

std::optional<Label> parse_time_code(std::span<const std::byte> payload,
                                     std::optional<Label> previous) {
  BitReader bits(payload);
  const int timestamps = bits.i(2);
  for (int i = 0; i < timestamps; ++i) {
    if (!bits.flag()) continue;
    bits.skip(1);  // units_field_based_flag
    const int counting_type = bits.i(5);
    const bool full = bits.flag();
    bits.skip(1);
    const bool dropped = bits.flag();
    Label label = previous.value_or(Label{});
    label.frames = bits.i(9);
    label.drop = counting_type == 4 || dropped || (previous && previous->drop);
    if (full) {
      label.seconds = bits.i(6);
      label.minutes = bits.i(6);
      label.hours = bits.i(5);
    } else if (bits.flag()) {
      label.seconds = bits.i(6);
      if (bits.flag()) {
        label.minutes = bits.i(6);
        if (bits.flag()) label.hours = bits.i(5);
      }
    }
    if (!bits.ok() || label.seconds > 59 || label.minutes > 59 || label.hours > 23) return {};
    if (full || previous) return label;
    bits.u(bits.i(5));  // time_offset
  }
  return std::nullopt;
}

std::optional<Slice> parse_slice(std::span<const std::byte> unit, const PpsTable& sets) {
  constexpr std::size_t kHeaderBytes = 32;
  const auto rbsp = unescape(unit, 2, kHeaderBytes);
  BitReader bits(rbsp);
  Slice slice;
  slice.nal_type = static_cast<int>(byte_at(unit, 0) >> 1 & 63);
  slice.first_in_picture = bits.flag();
  if (slice.nal_type >= 16 && slice.nal_type <= 23) bits.skip(1);
  const std::uint32_t pps_id = bits.ue();
  if (!bits.ok() || pps_id > 63) return std::nullopt;
  slice.pps_id = static_cast<int>(pps_id);
  const auto& pps = sets[pps_id];
  if (!pps || !slice.first_in_picture) return slice;
  bits.skip(static_cast<std::size_t>(pps->extra_slice_header_bits));
  const std::uint32_t type = bits.ue();
  if (!bits.ok() || type > 2) return std::nullopt;
  slice.type = static_cast<int>(type);
  if (pps->output_flag_present) slice.output = bits.flag();
  return slice;
}

std::optional<std::string> profile_name(const ProfileTierLevel& p) {
  int idc = p.profile_idc;
  for (int j = 1; idc == 0 && j < 12; ++j)
    if (p.compatibility >> (31 - j) & 1) idc = j;
  switch (idc) {
    case 1:
      return "Main";
    case 2:
      return p.one_picture_only ? "Main 10 Still Picture" : "Main 10";
    case 3:
      return "Main Still Picture";
    case 4:
      break;
    case 5:
      return "High Throughput";
    case 6:
      return "Multiview Main";
    case 7:
      return "Scalable Main";
    case 9:
      return "Screen-Extended";
    default:
      return std::nullopt;
  }
  // Table A.2: the name follows from what the constraint flags rule out.
  std::string name = p.max_monochrome ? "Monochrome"
                     : p.max_420      ? "Main"
                     : p.max_422      ? "Main 4:2:2"
                                      : "Main 4:4:4";
  const int depth = p.max_8bit ? 8 : p.max_10bit ? 10 : p.max_12bit ? 12 : 16;
  if (depth > 8) name += fmt::format(" {}", depth);
  if (p.one_picture_only)
    name += " Still Picture";
  else if (p.intra)
    name += " Intra";
  return name;
}

std::string level_name(const ProfileTierLevel& p) {
  const int tenths = p.level_idc / 3;
  std::string name = tenths % 10 == 0 ? fmt::format("{}", tenths / 10)
                                      : fmt::format("{}.{}", tenths / 10, tenths % 10);
  return p.high_tier ? name + " High" : name;
}

}  // namespace cleangate::probes::hevc
