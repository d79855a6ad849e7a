// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/flash_sweep.h"

#include <algorithm>
#include <bit>
#include <limits>

#include "probes/picture/luma_ladder.h"

namespace cleangate::probes {
namespace {

constexpr int kSquare = 8;         // samples
constexpr int kShortSumBits = 12;  // depth up to which the sums of 15 lines fit 16 bits
constexpr std::int32_t kDark = kLightOne / 100;  // R + G + B of a square too dark for color

// Rows X, Y, Z of the primaries with white D65 (BT.709, BT.2020, SMPTE EG 432-1).
constexpr std::array<float, 9> kXyz709{0.4124F, 0.3576F, 0.1805F, 0.2126F, 0.7152F,
                                       0.0722F, 0.0193F, 0.1192F, 0.9505F};
constexpr std::array<float, 9> kXyz2020{0.6370F, 0.1446F, 0.1689F, 0.2627F, 0.6780F,
                                        0.0593F, 0.0000F, 0.0281F, 1.0610F};
constexpr std::array<float, 9> kXyzP3{0.4866F, 0.2657F, 0.1982F, 0.2290F, 0.6917F,
                                      0.0793F, 0.0000F, 0.0451F, 1.0439F};
constexpr std::array<std::uint32_t, 3> kLuminance709{13933, 46871, 4732};
constexpr std::array<std::uint32_t, 3> kLuminance2020{17216, 44434, 3886};
constexpr std::array<std::uint32_t, 3> kLuminanceP3{15008, 45331, 5197};
constexpr std::int32_t kWhiteU = 810, kWhiteV = 1918;  // D65: 0.1978, 0.4683

}  // namespace

void FlashSweep::forget() {
  row_ = FlashRow{};
  row_.flags = FlashRow::kNotMeasured;
  part_count_ = 0;
}

// Which components are read, and what they mean. False: nobody knows.
bool FlashSweep::set_colors() {
  const PixelLayout& layout = frame_.layout;
  const LightReading reading = light_curve(frame_.color.transfer, layout.model);
  curve_ = reading.curve;
  if (curve_ == LightCurve::none) return false;
  if (reading.assumed) row_.flags |= FlashRow::kCurveAssumed;
  const bool rgb = layout.model == ColorModel::rgb;
  const bool ycbcr = layout.model == ColorModel::ycbcr && layout.component_count >= 3;
  part_count_ = rgb ? 3 : ycbcr ? 2 : 0;
  for (int i = 0; i < part_count_; ++i) {
    const int index = rgb ? i : i + 1;
    if (lines_.component(index, 0, scratch_.data()).samples)
      parts_[static_cast<std::size_t>(i)].index = index;
    else
      part_count_ = 0;
  }
  if (part_count_ == 0 && (rgb || ycbcr || layout.model == ColorModel::palette))
    row_.flags |= FlashRow::kNoColor;
  if (part_count_ == 2) {
    if (!luma_weights(frame_.color)) return false;
    if (frame_.color.matrix == MatrixCoefficients::unspecified)
      row_.flags |= FlashRow::kMatrixAssumed;
  }
  const bool wide = frame_.color.primaries == ColorPrimaries::bt2020;
  const bool p3 = frame_.color.primaries == ColorPrimaries::smpte432 ||
                  frame_.color.primaries == ColorPrimaries::smpte431;
  xyz_ = wide ? kXyz2020 : p3 ? kXyzP3 : kXyz709;
  weights_ = wide ? kLuminance2020 : p3 ? kLuminanceP3 : kLuminance709;
  return true;
}

void FlashSweep::begin(const VideoFrame& frame) {
  forget();
  if (lines_.open(frame) != Unmeasured::measured) return;
  frame_ = frame;
  scratch_.resize(std::max(scratch_.size(), static_cast<std::size_t>(frame.width)));
  row_.flags = 0;
  if (!set_colors()) {
    forget();
    return;
  }
  across_ = FlashCut::across(frame.width);
  down_ = FlashCut::down(frame.height);
  square_row_ = 0;
  for (int i = 0; i < part_count_; ++i) prepare(parts_[static_cast<std::size_t>(i)]);
}

void FlashSweep::prepare(Part& part) {
  const PixelLayout& layout = frame_.layout;
  const bool chroma = layout.model == ColorModel::ycbcr;
  part.bits = layout.components[static_cast<std::size_t>(part.index)].bits;
  part.across = chroma ? layout.log2_chroma_w : 0;
  part.down = chroma ? layout.log2_chroma_h : 0;
  part.lines = 0;
  const auto count =
      static_cast<std::size_t>((frame_.width + (1 << part.across) - 1) >> part.across);
  if (part.bits <= kShortSumBits)
    part.short_sums.assign(count, 0);
  else
    part.long_sums.assign(count, 0);
  part.means.resize(static_cast<std::size_t>(across_.squares) *
                    static_cast<std::size_t>(down_.squares));
}

void FlashSweep::line(int y) {
  if (part_count_ == 0) return;
  for (int i = 0; i < part_count_; ++i) {
    Part& part = parts_[static_cast<std::size_t>(i)];
    if ((y & ((1 << part.down) - 1)) == 0 && is_read(part, y >> part.down))
      add(part, y >> part.down);
  }
  const bool last = square_row_ == down_.squares - 1;
  if (last ? y != frame_.height - 1 : y != (square_row_ + 1) * kSquare - 1) return;
  for (int i = 0; i < part_count_; ++i) {
    Part& part = parts_[static_cast<std::size_t>(i)];
    if (part.bits <= kShortSumBits)
      close(part, square_row_, part.short_sums);
    else
      close(part, square_row_, part.long_sums);
  }
  ++square_row_;
}

// C'b and C'r are read on two lines of a square, one of each field.
bool FlashSweep::is_read(const Part& part, int line) const {
  if (part_count_ != 2) return true;
  const int lines = kSquare >> part.down, at = line & (lines - 1);
  return at == 0 || at == (lines == kSquare ? 5 : lines - 1);
}

void FlashSweep::add(Part& part, int y) {
  const LumaLines::Component c = lines_.component(part.index, y, scratch_.data());
  const auto mask = static_cast<std::uint16_t>((1u << part.bits) - 1);
  if (c.bytes)
    kernels_->add8(static_cast<const std::uint8_t*>(c.samples), c.count, mask,
                   part.short_sums.data());
  else if (part.bits <= kShortSumBits)
    kernels_->add16(static_cast<const std::uint16_t*>(c.samples), c.count, mask,
                    part.short_sums.data());
  else
    kernels_->add16_deep(static_cast<const std::uint16_t*>(c.samples), c.count, mask,
                         part.long_sums.data());
  ++part.lines;
}

// Folds the sums of the columns into a row of squares.
template <class Sum>
void FlashSweep::close(Part& part, int row, std::vector<Sum>& sums) {
  const int width = static_cast<int>(sums.size()), step = std::max(0, 3 - part.across);
  const int left = 16 - part.bits, lines = std::max(1, part.lines);
  std::uint16_t* const means =
      part.means.data() + static_cast<std::size_t>(row) * static_cast<std::size_t>(across_.squares);
  // All but the last are whole; but the last row of all, they are so many lines that a mean is a
  // shift and no division.
  const bool shifts = (lines & (lines - 1)) == 0;
  const int whole = shifts ? std::min(across_.squares - 1, width >> step) : 0;
  const int shift = step + std::countr_zero(static_cast<unsigned>(lines));
  if (whole > 0) fold(sums.data(), whole, step, left, shift, means);
  for (int square = whole; square < across_.squares; ++square) {
    const int first = std::min(square << step, width - 1);
    const int end = square == across_.squares - 1 ? width : std::min(first + (1 << step), width);
    std::uint32_t sum = 0;  // at most 15 * 15 * 65535
    for (int x = first; x < end; ++x) sum += sums[static_cast<std::size_t>(x)];
    means[square] = static_cast<std::uint16_t>((sum << left) /
                                               static_cast<std::uint32_t>((end - first) * lines));
  }
  std::fill(sums.begin(), sums.end(), Sum{0});
  part.lines = 0;
}

void FlashSweep::fold(const std::uint16_t* sums, int count, int step, int left, int shift,
                      std::uint16_t* means) const {
  kernels_->fold(sums, count, step, left, shift, means);
}
void FlashSweep::fold(const std::uint32_t* sums, int count, int step, int left, int shift,
                      std::uint16_t* means) const {
  kernels_->fold_deep(sums, count, step, left, shift, means);
}

// Components of unequal depth (5:6:5) each have their own scale.
void FlashSweep::set_matrices(int luma_bits) {
  const auto of = [&](int bits) {
    return rgb_to_rgb(nominal_range(frame_.layout.model, frame_.color.range, bits), bits,
                      16 - bits);
  };
  for (std::size_t i = 0; i < 3; ++i)
    matrices_[i] = of(part_count_ == 3 ? parts_[i].bits : luma_bits);
  if (part_count_ == 2)
    matrices_[0] = ycbcr_to_rgb(*luma_weights(frame_.color),
                                nominal_range(frame_.layout.model, frame_.color.range, luma_bits),
                                luma_bits, 16 - luma_bits);
}

// The components of a row of squares, as indexes of a LightTable.
void FlashSweep::index_row(std::size_t first, std::span<const std::uint16_t> luma) {
  const auto count = static_cast<std::size_t>(across_.squares);
  const auto index = [](std::int32_t code) {
    return std::clamp((code >> 16) - kRgbBlack, 0, kLightSteps - 1);
  };
  std::int32_t* const out[] = {row_red_.data(), row_green_.data(), row_blue_.data()};
  if (part_count_ != 2) {
    for (std::size_t part = 0; part < 3; ++part) {
      const RgbMatrix m = matrices_[part];
      const std::uint16_t* const in =
          part_count_ == 3 ? parts_[part].means.data() + first : luma.data() + first;
      for (std::size_t x = 0; x < count; ++x) out[part][x] = index(m.y * in[x] + m.offset);
    }
    return;
  }
  kernels_->index({luma.data() + first, parts_[0].means.data() + first,
                   parts_[1].means.data() + first, across_.squares, matrices_[0]},
                  out[0], out[1], out[2]);
}

// From indexes to linear light, luminance and chromaticity.
void FlashSweep::light_row() {
  const std::uint16_t* const table = light_table(curve_).data();
  for (std::vector<std::int32_t>* each : {&row_red_, &row_green_, &row_blue_})
    for (std::int32_t& value : *each) value = table[value];
  kernels_->light({row_red_.data(), row_green_.data(), row_blue_.data(), across_.squares},
                  {weights_, xyz_}, row_light_.data(), row_u_.data(), row_v_.data());
  if (curve_ == LightCurve::hlg)
    for (std::uint32_t& light : row_light_) light = hlg_screen()[light >> 4];
}

void FlashSweep::fold_row(int y, std::span<const std::uint16_t> luma) {
  int light_row_index = 0, wide_row = 0;
  while (down_.square(light_row_index + 1, down_.light) <= y) ++light_row_index;
  while (down_.square(wide_row + 1, down_.wide) <= y) ++wide_row;
  index_row(static_cast<std::size_t>(y) * static_cast<std::size_t>(across_.squares), luma);
  light_row();
  for (int i = 0; i < across_.light; ++i) {
    const auto cell = static_cast<std::size_t>(light_row_index * kLightColumns + i);
    const int first = across_.square(i, across_.light), end = across_.square(i + 1, across_.light);
    for (int x = first; x < end; ++x) light_sums_[cell] += row_light_[static_cast<std::size_t>(x)];
    light_counts_[cell] += static_cast<std::uint32_t>(end - first);
  }
  for (int i = 0; i < across_.wide; ++i)
    fold_wide(static_cast<std::size_t>(wide_row * kWideColumns + i),
              across_.square(i, across_.wide), across_.square(i + 1, across_.wide));
}

// Squares [first, end) of the row belong to this wide cell.
void FlashSweep::fold_wide(std::size_t cell, int first, int end) {
  if (end <= first) return;
  const auto x = static_cast<std::size_t>(first);
  const FlashSquares squares{row_red_.data() + x, row_green_.data() + x, row_blue_.data() + x,
                             end - first};
  const std::int32_t dark = part_count_ > 0 ? kDark : std::numeric_limits<std::int32_t>::max();
  const WideSums sums = kernels_->wide({squares, row_light_.data() + x, row_u_.data() + x,
                                        row_v_.data() + x, dark, kWhiteU, kWhiteV});
  darkest_[cell] = std::min(darkest_[cell], sums.darkest);
  brightest_[cell] = std::max(brightest_[cell], sums.brightest);
  wide_counts_[cell] += static_cast<std::uint32_t>(end - first);
  red_counts_[cell] += sums.reds;
  u_sums_[cell] += sums.u;
  v_sums_[cell] += sums.v;
}

void FlashSweep::fold(std::span<const std::uint16_t> luma) {
  light_sums_ = {};
  light_counts_ = {};
  darkest_.fill(kLightOne);
  brightest_ = red_counts_ = wide_counts_ = {};
  u_sums_ = v_sums_ = {};
  const auto count = static_cast<std::size_t>(across_.squares);
  for (std::vector<std::int32_t>* each : {&row_red_, &row_green_, &row_blue_, &row_u_, &row_v_})
    each->resize(count);
  row_light_.resize(count);
  for (int y = 0; y < down_.squares; ++y) fold_row(y, luma);
}

void FlashSweep::store() {
  for (std::size_t i = 0; i < kLightCells; ++i)
    if (light_counts_[i])
      row_.light[i] = light_code(
          curve_,
          static_cast<std::uint32_t>((light_sums_[i] + light_counts_[i] / 2) / light_counts_[i]));
  for (std::size_t i = 0; i < kWideCells; ++i) {
    const std::uint32_t count = wide_counts_[i];
    if (count == 0) continue;
    row_.darkest[i] = light_code(curve_, darkest_[i]);
    row_.brightest[i] = light_code(curve_, brightest_[i]);
    const std::uint32_t share = red_counts_[i] * kShareOne / count;
    row_.red[i] = static_cast<std::uint8_t>(std::max(share, red_counts_[i] ? 1u : 0u));
    row_.u[i] = static_cast<std::uint16_t>((u_sums_[i] + count / 2) / count);
    row_.v[i] = static_cast<std::uint16_t>((v_sums_[i] + count / 2) / count);
  }
}

void FlashSweep::finish(std::span<const std::uint16_t> luma, int luma_bits) {
  if (row_.flags & FlashRow::kNotMeasured) return;
  row_.width = static_cast<std::uint16_t>(frame_.width);
  row_.height = static_cast<std::uint16_t>(frame_.height);
  row_.curve = static_cast<std::uint16_t>(curve_);
  set_matrices(luma_bits);
  fold(luma);
  store();
  frame_ = {};
}

}  // namespace cleangate::probes
