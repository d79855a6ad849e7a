// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/video_frame.h"

namespace cleangate::av {

// The layout of one of libav's pixel formats, by its number or name. Nothing for pictures that do
// not lie in memory as samples: hardware surfaces, Bayer mosaics, bit-packed bitmaps.
[[nodiscard]] std::optional<PixelLayout> pixel_layout(int libav_format);
[[nodiscard]] std::optional<PixelLayout> pixel_layout(const std::string& libav_name);
[[nodiscard]] std::string pixel_format_name(int libav_format);
// "4:2:2" …; "4:0:0" of gray, "4:4:4" of R'G'B'.
[[nodiscard]] std::string_view chroma_name(const PixelLayout& layout);

}  // namespace cleangate::av
