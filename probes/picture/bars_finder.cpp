// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/bars_finder.h"

#include <algorithm>
#include <cstdlib>

#include "probes/picture/frame_sweep.h"
#include "probes/picture/luma_ladder.h"

namespace cleangate::probes {
namespace {

constexpr int kParts56 = 56;  // edges of bars lie at fifty-sixths of the width, in every layout
constexpr std::pair<int, int> kBandEdges[kBarsBands] = {{20, 70}, {130, 330}, {380, 430}};
constexpr int kFallLines[] = {150, 230, 310};  // thousandths of the height
constexpr int kLeastFall = 100;                // 1 %

int fields_of(BarsLayout layout) {
  return layout == BarsLayout::seven ? 7 : layout == BarsLayout::eight ? 8 : 9;
}

// First and end of a bar, or of a panel behind the bars, in fifty-sixths.
std::pair<int, int> edges(BarsLayout layout, int field) {
  switch (layout) {
    case BarsLayout::seven:
      return {8 * field, 8 * (field + 1)};
    case BarsLayout::eight:
      return {7 * field, 7 * (field + 1)};
    case BarsLayout::panels:
      break;
  }
  if (field == 7) return {0, 7};
  if (field == 8) return {49, 56};
  return {7 + 6 * field, 13 + 6 * field};
}

// The middle half of a field: where filters of the scaler and the codec do not reach.
std::pair<int, int> middle(BarsLayout layout, int field, int x, int width) {
  const auto [first, end] = edges(layout, field);
  const int left = x + width * first / kParts56, right = x + width * end / kParts56;
  const int quarter = (right - left) / 4;
  return {left + quarter, right - quarter};
}

std::uint32_t sum_of(const LumaLines::Component& of, int first, int end, std::uint16_t mask) {
  std::uint32_t sum = 0;  // of a 32nd of a line at most: under 2^27
  if (of.bytes) {
    const auto* samples = static_cast<const std::uint8_t*>(of.samples);
    for (int x = first; x < end; ++x) sum += samples[x];
  } else {
    const auto* samples = static_cast<const std::uint16_t*>(of.samples);
    for (int x = first; x < end; ++x) sum += samples[x] & mask;
  }
  return sum;
}

std::uint16_t mean_of(const LumaLines::Component& of, int first, int end, int bits) {
  const auto mask = static_cast<std::uint16_t>((1u << bits) - 1);
  first = std::clamp(first, 0, of.count - 1);
  end = std::clamp(end, first + 1, of.count);
  const std::uint64_t sum = std::uint64_t{sum_of(of, first, end, mask)} << (16 - bits);
  const auto count = static_cast<std::uint64_t>(end - first);
  return static_cast<std::uint16_t>((sum + count / 2) / count);
}

// Sorted values without a quarter of them at either end.
std::uint16_t trimmed_mean(std::span<const std::uint16_t> sorted) {
  const std::size_t drop = sorted.size() / 4, count = sorted.size() - 2 * drop;
  std::uint32_t sum = 0;
  for (std::size_t i = drop; i < drop + count; ++i) sum += sorted[i];
  return static_cast<std::uint16_t>((sum + count / 2) / count);
}

}  // namespace

bool BarsFinder::open(const VideoFrame& frame) {
  const PixelLayout& layout = frame.layout;
  measure_ = {};
  if (layout.kind == SampleKind::ieee_float || layout.model == ColorModel::palette) return false;
  const int bits = layout.components[0].bits;
  if (bits < 8 || bits > 16) return false;
  measure_.bits = bits;
  measure_.rgb = layout.model == ColorModel::rgb;
  measure_.range_stated = frame.color.range != SignalRange::unspecified;
  measure_.range = nominal_range(layout.model, frame.color.range, bits);
  if (layout.model == ColorModel::gray || layout.component_count < 3) {
    measure_.state = BarsMeasure::State::no_chroma;
    return false;
  }
  for (std::size_t i = 1; i < 3; ++i)
    if (layout.components[i].bits != bits) return false;
  across_ = measure_.rgb ? 0 : layout.log2_chroma_w;
  down_ = measure_.rgb ? 0 : layout.log2_chroma_h;
  if (!measure_.rgb) {
    const auto weights = luma_weights(frame.color);
    if (!weights) return false;
    if (frame.color.matrix != MatrixCoefficients::unspecified) measure_.stated = *weights;
  }
  if (frame.width < kBarsWidth || frame.height < kBarsHeight) {
    measure_.state = BarsMeasure::State::too_small;
    return false;
  }
  for (int i = 0; i < 3; ++i)
    if (!lines_->component(i, 0, scratch_[0].data()).samples) return false;
  measure_.state = BarsMeasure::State::measured;
  return true;
}

void BarsFinder::find(const VideoFrame& frame, LumaLines& lines, const PictureRect& active) {
  lines_ = &lines;
  for (auto& scratch : scratch_) scratch.resize(static_cast<std::size_t>(frame.width));
  if (!open(frame)) return;
  best_error_ = 10000;
  const Rect raster{0, 0, frame.width, frame.height};
  for (const auto layout : {BarsLayout::seven, BarsLayout::panels, BarsLayout::eight})
    try_rect(raster, layout);
  if (active.empty()) return;
  if (active.height != frame.height)
    for (const auto layout : {BarsLayout::seven, BarsLayout::panels, BarsLayout::eight})
      try_rect({0, active.y, frame.width, active.height}, layout);
  if (active.width == frame.width) return;
  const int left = active.x, right = frame.width - active.x - active.width;
  if (std::abs(left - right) <= frame.width / 16)
    for (const auto layout : {BarsLayout::seven, BarsLayout::panels})
      try_rect({active.x, active.y, active.width, active.height}, layout);
  // The last of eight bars is black: it looks like no picture.
  const int eight = active.width * 8 / 7;
  if (left + eight <= frame.width + frame.width / 64)
    try_rect({active.x, active.y, std::min(eight, frame.width - left), active.height},
             BarsLayout::eight);
}

void BarsFinder::try_rect(const Rect& rect, BarsLayout layout) {
  if (rect.width < kBarsWidth || rect.height < kBarsHeight || !falls(rect, layout)) return;
  for (const auto band : {BarsBand::top, BarsBand::main, BarsBand::low})
    read_band(rect, layout, band);
  int unevenness = 0;
  for (int field = 0; field < fields_of(layout); ++field)
    unevenness += fields_[static_cast<std::size_t>(BarsBand::main)][static_cast<std::size_t>(field)]
                      .unevenness;
  unevenness /= fields_of(layout);
  for (std::size_t i = 1; i < kBarsPatterns; ++i) {
    const auto pattern = static_cast<BarsPattern>(i);
    if (layout_of(pattern) == layout) take(pattern, compare(pattern), unevenness, rect);
  }
}

bool BarsFinder::falls(const Rect& rect, BarsLayout layout) {
  int falling = 0;
  for (const int at : kFallLines) {
    const int y = rect.y + rect.height * at / 1000;
    const LumaLines::Component line{lines_->line(y, scratch_[0].data()), rect.x + rect.width,
                                    lines_->bytes()};
    bool falls = true;
    std::int32_t before = 0;
    for (int bar = 0; falls && bar < bars_of(layout); ++bar) {
      const auto [first, end] = middle(layout, bar, rect.x, rect.width);
      const std::int32_t level = bar_level(mean_of(line, first, end, measure_.bits),
                                           BarComponent::level, measure_.range, measure_.bits);
      falls = bar == 0 || level <= before - kLeastFall;
      before = level;
    }
    falling += falls;
  }
  return falling >= 2;
}

void BarsFinder::read_line(const Rect& rect, BarsLayout layout, int y, std::size_t line) {
  for (int i = 0; i < 3; ++i) {
    const bool chroma = !measure_.rgb && i > 0;
    const int shift = chroma ? across_ : 0;
    const auto index = static_cast<std::size_t>(i);
    const LumaLines::Component of =
        lines_->component(i, chroma ? y >> down_ : y, scratch_[index].data());
    for (int field = 0; field < fields_of(layout); ++field) {
      const auto [first, end] = middle(layout, field, rect.x, rect.width);
      const int width = end - first;
      for (int part = 0; part < kParts; ++part)
        parts_[static_cast<std::size_t>(field)][static_cast<std::size_t>(part)][index][line] =
            mean_of(of, (first + width * part / kParts) >> shift,
                    (first + width * (part + 1) / kParts) >> shift, measure_.bits);
    }
  }
}

void BarsFinder::read_band(const Rect& rect, BarsLayout layout, BarsBand band) {
  const auto index = static_cast<std::size_t>(band);
  const auto [first, end] = kBandEdges[index];
  const int top = rect.y + rect.height * first / 1000, lines = kLines[index];
  const int height = rect.height * (end - first) / 1000;
  for (int i = 0; i < lines; ++i) {
    const int y = top + height * i / lines;
    read_line(rect, layout, std::min((y & ~1) | (i & 1), rect.y + rect.height - 1),
              static_cast<std::size_t>(i));
  }
  close_band(lines, band, layout);
}

void BarsFinder::close_band(int lines, BarsBand band, BarsLayout layout) {
  const auto count = static_cast<std::size_t>(lines);
  for (int field = 0; field < fields_of(layout); ++field) {
    auto& parts = parts_[static_cast<std::size_t>(field)];
    Field& out = fields_[static_cast<std::size_t>(band)][static_cast<std::size_t>(field)];
    out.unevenness = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto component = !measure_.rgb && i > 0 ? BarComponent::chroma : BarComponent::level;
      const auto level = [&](std::uint16_t code) {
        return bar_level(code, component, measure_.range, measure_.bits);
      };
      std::array<std::uint16_t, kMostLines> means{};
      for (std::size_t line = 0; line < count; ++line) {
        std::uint32_t sum = kParts / 2;
        for (const auto& part : parts) sum += part[i][line];
        means[line] = static_cast<std::uint16_t>(sum / kParts);
      }
      std::sort(means.begin(), means.begin() + lines);
      out.code[i] = trimmed_mean(std::span(means).first(count));
      out.level[i] = level(out.code[i]);
      std::uint16_t low = 65535, high = 0;
      for (auto& part : parts) {
        std::sort(part[i].begin(), part[i].begin() + lines);
        const std::uint16_t mean = trimmed_mean(std::span(part[i]).first(count));
        low = std::min(low, mean);
        high = std::max(high, mean);
      }
      const int down = level(means[count - 1 - count / 4]) - level(means[count / 4]);
      out.unevenness = std::max({out.unevenness, level(high) - level(low), down});
    }
  }
}

BarLevel BarsFinder::expected(BarsPattern pattern, BarsBand band, int field,
                              LumaWeights weights) const {
  const bool panel = field >= bars_of(layout_of(pattern));
  const BarLevel rgb = panel ? kBarsPanel : bar_rgb(pattern, band, field);
  return measure_.rgb ? rgb : ycbcr_of(rgb, weights);
}

BarsFinder::Best BarsFinder::compare(BarsPattern pattern) const {
  const LumaWeights candidates[] = {
      measure_.stated, weights_of_primaries(ColorPrimaries::smpte170m),
      weights_of_primaries(ColorPrimaries::bt709), weights_of_primaries(ColorPrimaries::bt2020)};
  Best best{10000, {0, 0}};
  const int fields = fields_of(layout_of(pattern));
  for (const LumaWeights& weights : candidates) {
    if (!measure_.rgb && weights.kr == 0) continue;  // none stated
    int sum = 0;
    for (std::size_t band = 0; band < kBarsBands; ++band)
      for (int field = 0; field < fields; ++field) {
        const BarLevel wanted = expected(pattern, static_cast<BarsBand>(band), field, weights);
        const BarLevel& found = fields_[band][static_cast<std::size_t>(field)].level;
        int most = 0;
        for (std::size_t i = 0; i < 3; ++i) most = std::max(most, std::abs(found[i] - wanted[i]));
        sum += most;
      }
    const int error = sum / (static_cast<int>(kBarsBands) * fields);
    if (error < best.error) best = {error, measure_.rgb ? LumaWeights{0, 0} : weights};
    if (measure_.rgb) break;
  }
  return best;
}

void BarsFinder::take(BarsPattern pattern, const Best& best, int unevenness, const Rect& rect) {
  const int score = 1000 - best.error / 10 - unevenness / 5;
  if (score <= 0 || best.error >= best_error_) return;
  best_error_ = best.error;
  measure_.pattern = pattern;
  measure_.score = score;
  measure_.unevenness = unevenness;
  measure_.fit = best.weights;
  measure_.x = rect.x;
  measure_.y = rect.y;
  measure_.width = rect.width;
  measure_.height = rect.height;
  measure_.bars = {};
  const auto& main = fields_[static_cast<std::size_t>(BarsBand::main)];
  for (int bar = 0; bar < bars_of(layout_of(pattern)); ++bar)
    measure_.bars[static_cast<std::size_t>(bar)] = main[static_cast<std::size_t>(bar)].code;
}

}  // namespace cleangate::probes
