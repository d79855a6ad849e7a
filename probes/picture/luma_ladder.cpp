// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/luma_ladder.h"

#include <algorithm>
#include <span>

namespace cleangate::probes {
namespace {

// Percentages in hundredths.
constexpr std::array<int, 9> kMiddle{2500, 3000, 4000, 5000, 6000, 7000, 8000, 9000, 9500};

class RungWriter {
 public:
  RungWriter(std::span<std::uint16_t> rungs, int bits, SignalRange range)
      : rungs_(rungs), bits_(bits), nominal_(nominal_luma(bits, range)) {}

  void code(std::int64_t value) {
    const std::int64_t top = (std::int64_t{1} << bits_) - 1;
    rungs_[used_++] = static_cast<std::uint16_t>(std::clamp<std::int64_t>(value, 0, top));
  }
  // A code value given at 10 bits.
  void code10(std::int64_t value) {
    code(bits_ >= 10 ? value << (bits_ - 10) : value >> (10 - bits_));
  }
  // The last code under one given at 10 bits.
  void under10(std::int64_t value) {
    code((bits_ >= 10 ? value << (bits_ - 10) : value >> (10 - bits_)) - 1);
  }
  void percent(int hundredths) {
    const std::int64_t scaled =
        nominal_.black * 10000 + (nominal_.white - nominal_.black) * hundredths;
    code(scaled >= 0 ? scaled / 10000 : -1);
  }
  // Narrow or full is all that a ladder's lists differ by, once the depth is 8 or not.
  void sort() { std::sort(rungs_.begin(), rungs_.end()); }

 private:
  std::span<std::uint16_t> rungs_;
  std::size_t used_ = 0;
  int bits_;
  NominalLuma nominal_;
};

void near_black(RungWriter& to, int bits, bool full) {
  if (bits == 8) {
    for (int code = full ? 0 : 4; code < (full ? 56 : 60); ++code) to.code(code);
    return;
  }
  if (full) {
    for (int step = 0; step < 56; ++step) to.percent(step * 50);
    return;
  }
  for (int step = -10; step <= 40; ++step) to.percent(step * 50);
  to.code(0);
  to.under10(4);
  to.under10(20);
  to.under10(64);
  to.percent(-600);
}

void near_black_active(RungWriter& to, int bits, bool full) {
  constexpr std::array<int, 12> kFull{0,   100,  200,  300,  400,  500,
                                      750, 1000, 1250, 1500, 1750, 2000};
  constexpr std::array<int, 10> kNarrow{0, 100, 200, 300, 400, 500, 750, 1000, 1500, 2000};
  if (full) {
    for (const int level : kFull) to.percent(level);
    return;
  }
  if (bits == 8) {
    to.code(4);
    to.code(15);
  } else {
    to.under10(20);
    to.under10(64);
  }
  for (const int level : kNarrow) to.percent(level);
}

void from_white(RungWriter& to, int bits, bool full) {
  constexpr std::array<int, 12> kNarrow8{235, 236, 238, 240, 241, 243,
                                         245, 246, 248, 250, 252, 254};
  constexpr std::array<int, 7> kNarrow{10000, 10050, 10100, 10200, 10300, 10400, 10500};
  constexpr std::array<int, 5> kNarrow10{984, 1000, 1008, 1016, 1019};
  constexpr std::array<int, 12> kFull{9600, 9700, 9800, 9850, 9900, 9925,
                                      9950, 9960, 9970, 9980, 9990, 10000};
  if (full && bits == 8) {
    for (int code = 243; code < 255; ++code) to.code(code);
  } else if (full) {
    for (const int level : kFull) to.percent(level);
  } else if (bits == 8) {
    for (const int code : kNarrow8) to.code(code);
  } else {
    for (const int level : kNarrow) to.percent(level);
    for (const int code : kNarrow10) to.code10(code);
  }
}

LumaLadder make_ladder(int bits, bool full) {
  const SignalRange range = full ? SignalRange::full : SignalRange::narrow;
  LumaLadder ladder;
  RungWriter raster(ladder.raster, bits, range), active(ladder.active, bits, range);
  near_black(raster, bits, full);
  near_black_active(active, bits, full);
  for (RungWriter* to : {&raster, &active}) {
    for (const int level : kMiddle) to->percent(level);
    from_white(*to, bits, full);
    to->sort();
  }
  return ladder;
}

}  // namespace

const LumaLadder& luma_ladder(int bits, SignalRange range) {
  static const auto ladders = [] {
    std::array<std::array<LumaLadder, 2>, 16> all;
    for (int depth = 1; depth <= 16; ++depth)
      for (const bool full : {false, true})
        all[static_cast<std::size_t>(depth - 1)][full ? 1 : 0] =
            make_ladder(depth, full || depth < 8);
    return all;
  }();
  const auto depth = static_cast<std::size_t>(std::clamp(bits, 1, 16) - 1);
  return ladders[depth][range == SignalRange::full ? 1 : 0];
}

}  // namespace cleangate::probes
