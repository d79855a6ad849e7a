// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/h264_headers.h"

#include <fmt/format.h>

namespace cleangate::probes::h264 {
namespace {

constexpr std::uint32_t kLargestSide = 1U << 16;

bool has_chroma_info(int profile) {
  for (const int p : {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135})
    if (profile == p) return true;
  return false;
}

void skip_scaling_list(BitReader& bits, int size) {
  int last = 8, next = 8;
  for (int i = 0; i < size && bits.ok(); ++i) {
    if (next != 0) next = (last + bits.se() % 256 + 256) % 256;
    last = next == 0 ? last : next;
  }
}

void read_hrd(BitReader& bits, Sps& sps) {
  const std::uint32_t count = bits.ue();
  if (count > 31) return bits.skip(SIZE_MAX);
  bits.skip(8);
  for (std::uint32_t i = 0; i <= count && bits.ok(); ++i) {
    bits.ue();
    bits.ue();
    bits.skip(1);
  }
  bits.skip(5);
  sps.cpb_removal_delay_bits = bits.i(5) + 1;
  sps.dpb_output_delay_bits = bits.i(5) + 1;
  sps.time_offset_bits = bits.i(5);
  sps.hrd_present = true;
}

void read_vui(BitReader& bits, Sps& sps) {
  Sps read = sps;
  read.vui_present = true;
  read_common_vui(bits, read.vui);
  if (bits.flag()) {
    read.vui.units_in_tick = bits.u(32);
    read.vui.time_scale = bits.u(32);
    bits.skip(1);
  }
  const bool nal_hrd = bits.flag();
  if (nal_hrd) read_hrd(bits, read);
  const bool vcl_hrd = bits.flag();
  if (vcl_hrd) read_hrd(bits, read);
  if (nal_hrd || vcl_hrd) bits.skip(1);
  read.pic_struct_present = bits.flag();
  if (bits.ok()) sps = read;  // damaged usability information says nothing
}

void read_chroma_info(BitReader& bits, Sps& sps) {
  sps.chroma_format_idc = static_cast<int>(std::min(bits.ue(), 4U));
  if (sps.chroma_format_idc == 3) sps.separate_planes = bits.flag();
  sps.bit_depth_luma = 8 + static_cast<int>(std::min(bits.ue(), 24U));
  sps.bit_depth_chroma = 8 + static_cast<int>(std::min(bits.ue(), 24U));
  bits.skip(1);
  if (!bits.flag()) return;
  const int lists = sps.chroma_format_idc == 3 ? 12 : 8;
  for (int i = 0; i < lists; ++i)
    if (bits.flag()) skip_scaling_list(bits, i < 6 ? 16 : 64);
}

void read_poc(BitReader& bits, Sps& sps) {
  sps.poc_type = static_cast<int>(std::min(bits.ue(), 3U));
  if (sps.poc_type == 0) {
    sps.log2_max_poc_lsb = 4 + static_cast<int>(std::min(bits.ue(), 28U));
  } else if (sps.poc_type == 1) {
    bits.skip(1);
    bits.se();
    bits.se();
    const std::uint32_t cycle = bits.ue();
    for (std::uint32_t i = 0; i < std::min(cycle, 255U) && bits.ok(); ++i) bits.se();
  }
}

// Sizes after cropping (7-18 to 7-22).
bool read_size(BitReader& bits, Sps& sps) {
  const std::uint64_t mb_width = std::uint64_t{bits.ue()} + 1;
  const std::uint64_t map_height = std::uint64_t{bits.ue()} + 1;
  sps.frame_mbs_only = bits.flag();
  if (!sps.frame_mbs_only) sps.mbaff = bits.flag();
  bits.skip(1);
  const std::uint64_t field_factor = sps.frame_mbs_only ? 1 : 2;
  const std::uint64_t width = mb_width * 16, height = map_height * 16 * field_factor;
  std::uint64_t left = 0, right = 0, top = 0, bottom = 0;
  if (bits.flag()) {
    left = bits.ue();
    right = bits.ue();
    top = bits.ue();
    bottom = bits.ue();
  }
  const int array_type = sps.separate_planes ? 0 : sps.chroma_format_idc;
  const std::uint64_t unit_x = array_type == 1 || array_type == 2 ? 2 : 1;
  const std::uint64_t unit_y = (array_type == 1 ? 2 : 1) * field_factor;
  const std::uint64_t cut_x = (left + right) * unit_x, cut_y = (top + bottom) * unit_y;
  if (!bits.ok() || width > kLargestSide || height > kLargestSide || cut_x >= width ||
      cut_y >= height)
    return false;
  sps.width = static_cast<int>(width - cut_x);
  sps.height = static_cast<int>(height - cut_y);
  return true;
}

}  // namespace

std::optional<Sps> parse_sps(std::span<const std::byte> rbsp) {
  BitReader bits(rbsp);
  Sps sps;
  sps.profile_idc = bits.i(8);
  sps.constraints = bits.i(8);
  sps.level_idc = bits.i(8);
  const std::uint32_t id = bits.ue();
  if (id > 31) return std::nullopt;
  sps.id = static_cast<int>(id);
  if (has_chroma_info(sps.profile_idc)) read_chroma_info(bits, sps);
  if (sps.chroma_format_idc > 3 || sps.bit_depth_luma > 14 || sps.bit_depth_chroma > 14)
    return std::nullopt;
  sps.log2_max_frame_num = 4 + static_cast<int>(std::min(bits.ue(), 28U));
  read_poc(bits, sps);
  if (sps.poc_type > 2 || sps.log2_max_frame_num > 16 || sps.log2_max_poc_lsb > 16)
    return std::nullopt;
  bits.ue();  // max_num_ref_frames
  sps.gaps_allowed = bits.flag();
  if (!read_size(bits, sps)) return std::nullopt;
  const bool vui = bits.flag();
  if (!bits.ok()) return std::nullopt;
  if (vui) read_vui(bits, sps);
  return sps;
}

std::optional<Pps> parse_pps(std::span<const std::byte> rbsp) {
  BitReader bits(rbsp);
  const std::uint32_t id = bits.ue(), sps_id = bits.ue();
  if (id > 255 || sps_id > 31) return std::nullopt;
  bits.skip(1);  // entropy_coding_mode_flag
  const bool bottom_poc = bits.flag();
  if (!bits.ok()) return std::nullopt;
  return Pps{static_cast<int>(id), static_cast<int>(sps_id), bottom_poc};
}

// D.1.3. A timestamp that leaves hours, minutes or seconds out repeats the previous ones.
PicTiming parse_pic_timing(std::span<const std::byte> payload, const Sps& sps,
                           std::optional<Label> previous) {
  PicTiming timing;
  BitReader bits(payload);
  if (sps.hrd_present) {
    bits.u(sps.cpb_removal_delay_bits);
    bits.u(sps.dpb_output_delay_bits);
  }
  if (!sps.pic_struct_present) return timing;
  const int pic_struct = bits.i(4);
  if (!bits.ok() || pic_struct > 8) return timing;
  timing.pic_struct = pic_struct;
  constexpr std::array<int, 9> kTimestamps{1, 1, 1, 2, 2, 3, 3, 2, 3};
  for (int i = 0; i < kTimestamps[static_cast<std::size_t>(pic_struct)]; ++i) {
    if (!bits.flag()) continue;  // clock_timestamp_flag
    const int scan_type = bits.i(2);
    bits.skip(1);  // nuit_field_based_flag: the labels themselves show what they count
    const int counting_type = bits.i(5);
    const bool full = bits.flag();
    bits.skip(1);  // discontinuity_flag
    const bool dropped = bits.flag();
    Label label = previous.value_or(Label{});
    label.frames = bits.i(8);
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
    bits.u(sps.time_offset_bits);
    if (!bits.ok() || label.seconds > 59 || label.minutes > 59 || label.hours > 23) break;
    if (!timing.scan_type) timing.scan_type = scan_type;
    if (!timing.label && (full || previous)) timing.label = label;
  }
  return timing;
}

const Pps* ParameterSets::pps(int id) const {
  const auto& found = pps_[static_cast<std::size_t>(id) & 255];
  return found ? &*found : nullptr;
}

const Sps* ParameterSets::sps(int id) const {
  const auto& found = sps_[static_cast<std::size_t>(id) & 31];
  return found ? &*found : nullptr;
}

const Sps* ParameterSets::sps_of(const Slice& slice) const {
  const Pps* found = pps(slice.pps_id);
  return found ? sps(found->sps_id) : nullptr;
}

std::optional<Slice> parse_slice(std::span<const std::byte> unit, const ParameterSets& sets) {
  constexpr std::size_t kHeaderBytes = 48;  // what is read here never takes more
  const auto rbsp = unescape(unit, 1, kHeaderBytes);
  BitReader bits(rbsp);
  Slice slice;
  slice.nal_type = static_cast<int>(byte_at(unit, 0) & 31);
  slice.nal_ref_idc = static_cast<int>(byte_at(unit, 0) >> 5 & 3);
  slice.first_mb = bits.ue();
  const std::uint32_t type = bits.ue(), pps_id = bits.ue();
  if (!bits.ok() || type > 9 || pps_id > 255) return std::nullopt;
  slice.type = static_cast<int>(type % 5);
  slice.pps_id = static_cast<int>(pps_id);
  const Sps* sps = sets.sps_of(slice);
  if (!sps) return slice;
  if (sps->separate_planes) bits.skip(2);
  slice.frame_num = bits.u(sps->log2_max_frame_num);
  if (!sps->frame_mbs_only) {
    slice.field = bits.flag();
    if (slice.field) slice.bottom = bits.flag();
  }
  if (slice.idr()) slice.idr_pic_id = bits.ue();
  if (sps->poc_type == 0) {
    slice.poc_lsb = bits.u(sps->log2_max_poc_lsb);
    if (sets.pps(slice.pps_id)->bottom_poc_present && !slice.field)
      slice.delta_poc_bottom = bits.se();
  }
  if (!bits.ok()) return std::nullopt;
  return slice;
}

bool begins_picture(const Slice& a, const Slice& b) {
  return a.frame_num != b.frame_num || a.pps_id != b.pps_id || a.field != b.field ||
         a.bottom != b.bottom || (a.nal_ref_idc == 0) != (b.nal_ref_idc == 0) ||
         a.poc_lsb != b.poc_lsb || a.delta_poc_bottom != b.delta_poc_bottom || a.idr() != b.idr() ||
         a.idr_pic_id != b.idr_pic_id;
}

std::optional<std::string> profile_name(const Sps& sps) {
  const bool set1 = (sps.constraints & 0x40) != 0, set3 = (sps.constraints & 0x10) != 0;
  switch (sps.profile_idc) {
    case 66:
      return set1 ? "Constrained Baseline" : "Baseline";
    case 77:
      return "Main";
    case 88:
      return "Extended";
    case 100:
      return "High";
    case 110:
      return set3 ? "High 10 Intra" : "High 10";
    case 122:
      return set3 ? "High 4:2:2 Intra" : "High 4:2:2";
    case 244:
      return set3 ? "High 4:4:4 Intra" : "High 4:4:4 Predictive";
    case 44:
      return "CAVLC 4:4:4 Intra";
    case 83:
      return "Scalable Baseline";
    case 86:
      return set3 ? "Scalable High Intra" : "Scalable High";
    case 118:
      return "Multiview High";
    case 128:
      return "Stereo High";
    default:
      return std::nullopt;
  }
}

std::string level_name(const Sps& sps) {
  const bool early = sps.profile_idc == 66 || sps.profile_idc == 77 || sps.profile_idc == 88;
  if (sps.level_idc == 9 || (early && sps.level_idc == 11 && (sps.constraints & 0x10) != 0))
    return "1b";
  if (sps.level_idc % 10 == 0) return fmt::format("{}", sps.level_idc / 10);
  return fmt::format("{}.{}", sps.level_idc / 10, sps.level_idc % 10);
}

bool intra_profile(const Sps& sps) {
  if (sps.profile_idc == 44) return true;
  const bool set3 = (sps.constraints & 0x10) != 0;
  return set3 && (sps.profile_idc == 110 || sps.profile_idc == 122 || sps.profile_idc == 244);
}

}  // namespace cleangate::probes::h264
