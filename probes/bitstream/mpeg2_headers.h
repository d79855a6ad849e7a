// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "core/color.h"
#include "core/rational.h"
#include "probes/bitstream/label_track.h"

// ISO/IEC 13818-2 (and 11172-2) headers.
namespace cleangate::probes::mpeg2 {

enum class Standard : std::uint8_t { mpeg1, mpeg2 };

struct Sequence {
  Standard standard = Standard::mpeg1;  // until a sequence extension comes
  int width = 0, height = 0, aspect = 0, rate_code = 0, rate_num = 1, rate_den = 1;
  int profile_and_level = -1, chroma_format = 1;
  bool progressive = false;
  ColorDescription color;
  int display_width = 0, display_height = 0;
};

struct GroupOfPictures {
  Label label;
  bool closed = false, broken_link = false;
};

struct Picture {
  int temporal_reference = 0, type = 0;  // 1 I, 2 P, 3 B, 4 D
  int structure = 3;                     // 1 top field, 2 bottom field, 3 frame
  bool top_first = false, repeat_first = false, progressive_frame = false;
  bool extended = false;  // the picture coding extension was there
};

// Each takes the bytes after the start code; false where they are too short or absurd.
bool read_sequence(std::span<const std::byte> bytes, Sequence& into);
bool read_sequence_extension(std::span<const std::byte> bytes, Sequence& into);
bool read_display_extension(std::span<const std::byte> bytes, Sequence& into);
[[nodiscard]] std::optional<GroupOfPictures> read_group(std::span<const std::byte> bytes);
[[nodiscard]] std::optional<Picture> read_picture(std::span<const std::byte> bytes);
bool read_picture_extension(std::span<const std::byte> bytes, Picture& into);

[[nodiscard]] std::optional<Rational> frame_rate(const Sequence& sequence);
[[nodiscard]] std::optional<Rational> pixel_aspect(const Sequence& sequence);
[[nodiscard]] std::optional<std::string> profile_name(const Sequence& sequence);  // "4:2:2", "Main"
[[nodiscard]] std::optional<std::string> level_name(
    const Sequence& sequence);  // "High", "High 1440"

}  // namespace cleangate::probes::mpeg2
