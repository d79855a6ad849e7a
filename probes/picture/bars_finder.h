// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "core/video_frame.h"
#include "probes/picture/bars_patterns.h"
#include "probes/picture/luma_lines.h"

namespace cleangate::probes {

struct PictureRect;

inline constexpr int kBarsWidth = 128, kBarsHeight = 72;  // of a frame that is looked at, at least

struct BarsMeasure {
  enum class State : std::uint8_t { measured, no_chroma, too_small, unreadable };
  State state = State::unreadable;
  bool rgb = false;
  int bits = 0;
  SignalRange range = SignalRange::narrow;
  bool range_stated = false;
  LumaWeights stated{0, 0};  // 0, 0: none
  BarsPattern pattern = BarsPattern::none;
  int score = 0;  // 0..1000
  int unevenness = 0;
  LumaWeights fit{0, 0};
  int x = 0, y = 0, width = 0, height = 0;
  std::array<std::array<std::uint16_t, 3>, kMostBars> bars{};
};

// Looks for color bars in the upper part of a frame, after it was swept.
//
// Patterns are looked for in the whole raster; between black above and below; between black on all
// sides. First, cheaply: on three lines of BarsBand::main the middle halves of the bars must fall
// in luma from left to right, each by 1 % of the range or more: on two of the three lines. Few
// pictures do, and of all others no more is read.
//
// Then the middle half of each bar is read on 20 lines of the three bands (both fields alike). A
// bar's level is the mean of the line means that are left when a quarter of them is dropped at
// either end: so a line of text over it does not count. error: the largest difference of a bar's
// components from the document's, in percent of the nominal range (of C'b and C'r: their
// excursion), mean over all bars, panels and bands; in the matrix that fits best. unevenness as in
// BarsRow. score = 1000 - 10 * error - 20 * unevenness (percent), the pattern with the least error
// being taken; 0 where that is below.
class BarsFinder {
 public:
  // `lines` are of this frame; `active` is FrameSweep::active().
  void find(const VideoFrame& frame, LumaLines& lines, const PictureRect& active);
  void forget() { measure_ = {}; }
  [[nodiscard]] const BarsMeasure& measure() const { return measure_; }

 private:
  static constexpr int kLines[kBarsBands] = {4, 12, 4};
  static constexpr int kMostLines = 12, kParts = 4, kFields = 9;  // eight bars, or seven and panels
  struct Rect {
    int x, y, width, height;
  };
  struct Field {
    BarLevel level{};                     // ten-thousandths
    std::array<std::uint16_t, 3> code{};  // left-justified
    int unevenness = 0;
  };
  using Fields = std::array<std::array<Field, kFields>, kBarsBands>;
  struct Best {
    int error = 0;
    LumaWeights weights{0, 0};
  };

  bool open(const VideoFrame& frame);
  void try_rect(const Rect& rect, BarsLayout layout);
  bool falls(const Rect& rect, BarsLayout layout);
  void read_band(const Rect& rect, BarsLayout layout, BarsBand band);
  void read_line(const Rect& rect, BarsLayout layout, int y, std::size_t line);
  void close_band(int lines, BarsBand band, BarsLayout layout);
  [[nodiscard]] BarLevel expected(BarsPattern pattern, BarsBand band, int field,
                                  LumaWeights weights) const;
  [[nodiscard]] Best compare(BarsPattern pattern) const;
  void take(BarsPattern pattern, const Best& best, int unevenness, const Rect& rect);

  BarsMeasure measure_;
  LumaLines* lines_ = nullptr;
  int across_ = 0, down_ = 0, best_error_ = 0;
  Fields fields_;
  // Means of the parts of each field: [field][part][component][line].
  std::array<std::array<std::array<std::array<std::uint16_t, kMostLines>, 3>, kParts>, kFields>
      parts_{};
  std::array<std::vector<std::uint16_t>, 3> scratch_;
};

}  // namespace cleangate::probes
