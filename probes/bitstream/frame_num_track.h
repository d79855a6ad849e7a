// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "probes/bitstream/h264_headers.h"

namespace cleangate::probes::h264 {

// Counts the reference pictures of a stream by their frame_num (Rec. ITU-T H.264, 7.4.3): from one
// picture to the next it stays or goes one further, from 0 at an IDR picture. It jumps where
// reference pictures are missing, or where the stream says that it leaves some out
// (gaps_in_frame_num_value_allowed_flag).
class FrameNumTrack {
 public:
  // The first slice of each picture in decode order; `access`: it needs nothing from before. How
  // many reference pictures are missing before it, modulo the counter's range; 0: none that can be
  // told.
  std::uint32_t missing_before(const Slice& slice, const Sps& sps, bool access) {
    const std::uint32_t range = 1U << sps.log2_max_frame_num;
    const auto last = last_reference_;
    if (slice.nal_ref_idc != 0 || access) last_reference_ = slice.frame_num % range;
    if (slice.idr() || access || sps.gaps_allowed || !last) return 0;
    const std::uint32_t ahead = (slice.frame_num + range - *last) % range;
    if (ahead <= 1 || counts_anew(slice, sps)) return 0;
    if (slice.nal_ref_idc == 0) last_reference_ = (slice.frame_num + range - 1) % range;
    return ahead - 1;
  }
  void lose() { last_reference_.reset(); }  // a picture that could not be read

 private:
  // After memory_management_control_operation 5 the counter goes on from 0 and picture order begins
  // again; the operation itself stands too deep in the slice header to be read here.
  static bool counts_anew(const Slice& slice, const Sps& sps) {
    constexpr std::uint32_t kNear = 32;  // picture order counts, two a frame
    if (slice.frame_num > 1) return false;
    if (sps.poc_type != 0) return true;
    return slice.poc_lsb < kNear || slice.poc_lsb + kNear > 1U << sps.log2_max_poc_lsb;
  }

  std::optional<std::uint32_t> last_reference_;
};

}  // namespace cleangate::probes::h264
