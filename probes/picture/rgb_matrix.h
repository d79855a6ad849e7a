// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "core/color.h"
#include "core/video_frame.h"

namespace cleangate::probes {

// KR and KB in ten-thousandths (ITU-T H.273 table 4).
struct LumaWeights {
  std::int32_t kr = 2126, kb = 722;
};
// Of the frame's matrix where it names one, else of the matrix that belongs to its primaries
// (BT.2020, BT.601, else BT.709). Nothing where the matrix is no such sum of R', G' and B'
// (constant luminance, YCgCo, ICtCp).
[[nodiscard]] std::optional<LumaWeights> luma_weights(const ColorDescription& color);

[[nodiscard]] LumaWeights weights_of_primaries(ColorPrimaries primaries);

// R'G'B' is told in code values of a narrow 12-bit signal, whatever the depth and range of the
// frame: nominal black is 256, nominal white 3760; codes below 0 and above 4095 are possible.
inline constexpr std::int32_t kRgbBlack = 256, kRgbWhite = 3760;

// From samples of `bits` bits with `fraction` bits behind the point to R'G'B', in integers:
//   R' = (y * Y + cr_r * Cr + offset) >> 16, G' = (y * Y + cb_g * Cb + cr_g * Cr + offset) >> 16,
//   B' = (y * Y + cb_b * Cb + offset) >> 16
// with Cb and Cr less their neutral value. Off by at most one code value (rgb_matrix_test.cpp goes
// through the whole cube). bits + fraction is at most 16.
struct RgbMatrix {
  std::int32_t y = 0, offset = 0, cr_r = 0, cb_g = 0, cr_g = 0, cb_b = 0;
};
[[nodiscard]] RgbMatrix ycbcr_to_rgb(LumaWeights weights, SignalRange range, int bits,
                                     int fraction);
// For R'G'B' and gray: the components themselves are scaled by `y` and `offset`.
[[nodiscard]] RgbMatrix rgb_to_rgb(SignalRange range, int bits, int fraction);

}  // namespace cleangate::probes
