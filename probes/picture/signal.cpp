// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/signal.h"

#include <algorithm>

#include "probes/picture/levels.h"
#include "probes/picture/light_table.h"

namespace cleangate::probes {
namespace {

using Counts = std::span<const std::uint32_t>;

// Samples below each of the codes, or above: the sums start at one end and go on from rung to rung.
template <std::size_t kRungs>
void fill_below(Counts counts, const std::array<int, kRungs>& codes,
                std::array<std::uint16_t, kRungs>& shares) {
  std::uint64_t sum = 0;
  int at = 0;
  for (std::size_t i = kRungs; i-- > 0;) {  // the codes fall with their index
    for (; at < codes[i]; ++at) sum += counts[static_cast<std::size_t>(at)];
    shares[i] = share_code(static_cast<std::uint32_t>(sum));
  }
}
template <std::size_t kRungs>
void fill_above(Counts counts, const std::array<int, kRungs>& codes,
                std::array<std::uint16_t, kRungs>& shares) {
  std::uint64_t sum = 0;
  int at = static_cast<int>(counts.size()) - 1;
  for (std::size_t i = kRungs; i-- > 0;) {  // they rise
    for (; at > codes[i]; --at) sum += counts[static_cast<std::size_t>(at)];
    shares[i] = share_code(static_cast<std::uint32_t>(sum));
  }
}

void fill_chroma(const SignalMeasure& measure, bool full, SignalRow& row) {
  const Counts cb = measure.chroma_counts[0], cr = measure.chroma_counts[1];
  fill_levels(cb, row.cb, row.cb_mean);
  fill_levels(cr, row.cr, row.cr_mean);
  const auto mean = measure.sites == 0 ? 0 : (measure.saturation.sum << 16) / measure.sites;
  row.saturation_mean = static_cast<std::uint32_t>(mean);
  row.saturation_max = static_cast<std::uint16_t>(std::min(measure.saturation.max, 65535u));
  if (full) return;
  std::array<int, kChromaRungs> low{}, high{};
  for (std::size_t i = 0; i < kChromaRungs; ++i) {
    low[i] = (16 - kChromaSteps[i]) << (measure.bits - 8);
    high[i] = (240 + kChromaSteps[i]) << (measure.bits - 8);
  }
  fill_below(cb, low, row.cb_below);
  fill_above(cb, high, row.cb_above);
  fill_below(cr, low, row.cr_below);
  fill_above(cr, high, row.cr_above);
}

void fill_light(Counts largest, std::uint32_t sites, LightScale scale, SignalRow& row) {
  std::uint64_t sum = 0;
  for (std::size_t bin = 0; bin < largest.size(); ++bin) {
    if (largest[bin] == 0) continue;
    const std::uint32_t light = light_of(scale, static_cast<int>(bin) - kRgbBinOffset);
    sum += std::uint64_t{light} * largest[bin];
    row.light_max = light;
  }
  row.light_mean = sites == 0 ? 0 : static_cast<std::uint32_t>(sum / sites);
}

void fill_rgb(const SignalMeasure& measure, LightScale scale, SignalRow& row) {
  const auto& [red, green, blue, largest] = measure.rgb_counts;
  fill_levels(red, row.red, row.red_mean);
  fill_levels(green, row.green, row.green_mean);
  fill_levels(blue, row.blue, row.blue_mean);
  fill_levels(largest, row.largest, row.largest_mean);
  std::array<int, kRgbRungs> low{}, high{};
  for (std::size_t i = 0; i < kRgbRungs; ++i) {
    low[i] = kRgbBinOffset + kRgbBlack / 4 - kRgbSteps[i];
    high[i] = kRgbBinOffset + kRgbWhite / 4 + kRgbSteps[i];
  }
  fill_below(red, low, row.red_below);
  fill_above(red, high, row.red_above);
  fill_below(green, low, row.green_below);
  fill_above(green, high, row.green_above);
  fill_below(blue, low, row.blue_below);
  fill_above(blue, high, row.blue_above);
  for (std::size_t i = 0; i < kOutsideRungs; ++i) {
    row.outside[i] = share_code(measure.outside[i]);
    row.filtered[i] = share_code(measure.filtered[i]);
  }
  fill_light(largest, measure.sites, scale, row);
}

}  // namespace

SignalRow analyze_signal(const FrameSweep& sweep) {
  SignalRow row;
  const SignalMeasure& measure = sweep.signal();
  if (sweep.unmeasured() != Unmeasured::measured || measure.bits == 0) {
    row.flags = SignalRow::kNotMeasured;
    return row;
  }
  const bool full =
      nominal_range(sweep.model(), sweep.color().range, measure.bits) == SignalRange::full;
  const LightScale scale = light_scale(sweep.color().transfer);
  unsigned flags = 0;
  if (!measure.chroma) flags |= SignalRow::kNoChroma;
  if (!measure.rgb) flags |= SignalRow::kNoRgb;
  if (measure.fields) flags |= SignalRow::kFields;
  if (full) flags |= SignalRow::kFull;
  if (scale == LightScale::pq) flags |= SignalRow::kPq;
  if (scale == LightScale::hlg) flags |= SignalRow::kHlg;
  row.flags = static_cast<std::uint16_t>(flags);
  row.bits = static_cast<std::uint16_t>(measure.bits);
  row.site_step = static_cast<std::uint16_t>(measure.site_step);
  row.sites = measure.sites;
  if (measure.chroma) fill_chroma(measure, full, row);
  if (measure.rgb) fill_rgb(measure, scale, row);
  return row;
}

}  // namespace cleangate::probes
