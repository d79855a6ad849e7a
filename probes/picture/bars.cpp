// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/bars.h"

#include <algorithm>

namespace cleangate::probes {
namespace {

std::uint16_t flags_of(const BarsMeasure& measure) {
  switch (measure.state) {
    case BarsMeasure::State::unreadable:
      return BarsRow::kNotMeasured;
    case BarsMeasure::State::too_small:
      return BarsRow::kTooSmall;
    case BarsMeasure::State::no_chroma:
      return BarsRow::kNoChroma;
    case BarsMeasure::State::measured:
      break;
  }
  unsigned flags = 0;
  if (measure.rgb) flags |= BarsRow::kRgb;
  if (measure.range == SignalRange::full) flags |= BarsRow::kFull;
  if (!measure.range_stated) flags |= BarsRow::kNoRange;
  return static_cast<std::uint16_t>(flags);
}

}  // namespace

BarsRow analyze_bars(const FrameSweep& sweep) {
  const auto u16 = [](auto value) { return static_cast<std::uint16_t>(value); };
  BarsRow row;
  const BarsMeasure& measure = sweep.bars();
  row.flags = flags_of(measure);
  if (measure.state != BarsMeasure::State::measured) return row;
  row.bits = u16(measure.bits);
  row.stated_kr = u16(measure.stated.kr);
  row.stated_kb = u16(measure.stated.kb);
  row.pattern = u16(measure.pattern);
  row.score = u16(measure.score);
  row.unevenness = u16(measure.unevenness);
  row.fit_kr = u16(measure.fit.kr);
  row.fit_kb = u16(measure.fit.kb);
  row.x = u16(measure.x);
  row.y = u16(measure.y);
  row.width = u16(measure.width);
  row.height = u16(measure.height);
  for (std::size_t bar = 0; bar < kMostBars; ++bar)
    std::copy_n(measure.bars[bar].begin(), 3, row.bars.begin() + 3 * bar);
  return row;
}

}  // namespace cleangate::probes
