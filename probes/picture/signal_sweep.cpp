// SPDX-License-Identifier: Apache-2.0
#include "probes/picture/signal_sweep.h"

#include <algorithm>

#include "probes/picture/luma_ladder.h"

namespace cleangate::probes {
namespace {

constexpr int kMargin = 4;       // samples the filter reads beside a line, and one
constexpr int kFilterBits = 14;  // of a filtered sample, with its fraction

constexpr int kBlendBits = 2;

bool interlaced(const VideoFrame& frame) {
  return frame.structure != PictureStructure::progressive;
}

}  // namespace

SignalSweep::SignalSweep(CpuLevel level)
    : kernels_(&signal_kernels(level)), cb_(sweep_kernels(level)), cr_(sweep_kernels(level)) {}

void SignalSweep::forget() { measure_ = {}; }

bool SignalSweep::choose_model() {
  const PixelLayout& layout = frame_.layout;
  across_ = down_ = 0;
  if (layout.model == ColorModel::palette) return false;
  if (layout.model == ColorModel::rgb) {
    model_ = Model::rgb;
  } else {
    model_ =
        layout.model == ColorModel::gray || layout.component_count < 3 ? Model::gray : Model::ycbcr;
  }
  const int bits = layout.components[0].bits;
  for (int i = 1; i < components(); ++i)
    if (layout.components[static_cast<std::size_t>(i)].bits != bits) return false;
  if (model_ == Model::ycbcr) {
    across_ = layout.log2_chroma_w;
    down_ = layout.log2_chroma_h;
  }
  return bits >= 8 && bits <= 16 && across_ <= 2 && down_ <= 2;
}

bool SignalSweep::begin(const VideoFrame& frame, const LumaLines& lines) {
  forget();
  frame_ = frame;
  lines_ = &lines;
  before_ = nullptr;
  if (!choose_model()) return false;
  const int bits = frame.layout.components[0].bits;
  measure_.bits = bits;
  measure_.chroma = model_ == Model::ycbcr;
  measure_.fields = interlaced(frame);
  if (measure_.chroma) {
    cb_.reset(bits);
    cr_.reset(bits);
  }
  const SignalRange range = nominal_range(frame.layout.model, frame.color.range, bits);
  fraction_ = std::clamp(kFilterBits - bits, 0, kFilterTapBits);
  const auto weights = luma_weights(frame.color);
  measure_.rgb = model_ != Model::ycbcr || weights.has_value();
  if (model_ == Model::ycbcr && weights) {
    matrix_ = ycbcr_to_rgb(*weights, range, bits, 0);
    filtered_matrix_ = ycbcr_to_rgb(*weights, range, bits, fraction_);
  } else {
    matrix_ = rgb_to_rgb(range, bits, 0);
    filtered_matrix_ = rgb_to_rgb(range, bits, fraction_);
  }
  lattice_ = SiteLattice(frame.width, frame.height, across_);
  measure_.site_step = lattice_.step();
  const auto count = static_cast<std::size_t>(lattice_.count(0));  // no line has more
  for (auto& counts : rgb_counts_) counts.assign(kRgbBins, 0);
  for (auto& values : sites_) values.resize(count);
  for (auto& bins : bins_) bins.resize(count);
  for (auto& scratch : scratch_) scratch.resize(static_cast<std::size_t>(frame.width));
  blended_.resize(static_cast<std::size_t>(frame.width) + 2 * kMargin + 4);
  return true;
}

// Chroma of an interlaced frame with half the lines is that of the same field.
int SignalSweep::component_line(int component, int y) const {
  if (!is_chroma(component) || down_ == 0) return y;
  const int last = ((frame_.height + (1 << down_) - 1) >> down_) - 1;
  const int line = measure_.fields ? ((y >> (down_ + 1)) << 1) + (y & 1) : y >> down_;
  return std::min(line, last);
}

void SignalSweep::line(int y) {
  if (measure_.chroma && (y & ((1 << down_) - 1)) == 0) count_chroma(y >> down_);
  if (measure_.rgb && lattice_.has(y)) visit_sites(y);
}

void SignalSweep::count_chroma(int line) {
  for (int i = 1; i <= 2; ++i) {
    const LumaLines::Component c = lines_->component(i, line, scratch_[0].data());
    LumaHistogram& counts = i == 1 ? cb_ : cr_;
    const ReadSoon soon{lines_->in_memory(i, line + 1),
                        before_ ? before_->in_memory(i, line + 1) : nullptr};
    if (c.bytes)
      counts.add(static_cast<const std::uint8_t*>(c.samples), c.count, soon);
    else
      counts.add(static_cast<const std::uint16_t*>(c.samples), c.count, soon);
  }
}

// Where the sites of a component lie on line y, in its own samples.
SignalSweep::Sites SignalSweep::sites_of(int component, int y) const {
  const int across = is_chroma(component) ? across_ : 0;
  return {lattice_.first(y) >> across, lattice_.step() >> across, lattice_.count(y), across};
}

void SignalSweep::read_sites(int component, int y) {
  const LumaLines::Component c =
      lines_->component(component, component_line(component, y), scratch_[0].data());
  const Sites at = sites_of(component, y);
  const auto mask = static_cast<std::uint16_t>((1u << measure_.bits) - 1);
  const std::int32_t neutral = is_chroma(component) ? 1 << (measure_.bits - 1) : 0;
  std::int32_t* out = sites_[static_cast<std::size_t>(component)].data();
  if (c.bytes)
    kernels_->gather8(static_cast<const std::uint8_t*>(c.samples) + at.first, at.step, at.count,
                      mask, neutral, out);
  else
    kernels_->gather16(static_cast<const std::uint16_t*>(c.samples) + at.first, at.step, at.count,
                       mask, neutral, out);
}

void SignalSweep::filter_sites(int component, int y) {
  const int apart = measure_.fields ? 2 : 1;
  const int above = y >= apart ? y - apart : y, below = y + apart < frame_.height ? y + apart : y;
  const void* lines[3];
  LumaLines::Component c;
  int i = 0;
  for (const int at : {above, y, below}) {
    c = lines_->component(component, component_line(component, at),
                          scratch_[static_cast<std::size_t>(i)].data());
    lines[i++] = c.samples;
  }
  const auto mask = static_cast<std::uint16_t>((1u << measure_.bits) - 1);
  std::int32_t* line = blended_.data() + kMargin;
  (c.bytes ? kernels_->blend8 : kernels_->blend16)(lines, c.count, mask, line);
  std::fill_n(line - kMargin, kMargin, line[0]);
  std::fill_n(line + c.count, kMargin + 4, line[c.count - 1]);
  const Sites at = sites_of(component, y);
  kernels_->filter(line + at.first, at.step, at.count, at.across,
                   kFilterTapBits + kBlendBits - fraction_,
                   is_chroma(component) ? 1 << (measure_.bits - 1 + fraction_) : 0,
                   sites_[static_cast<std::size_t>(component)].data());
}

void SignalSweep::measure_sites(const RgbMatrix& matrix, int count, bool binned) {
  SiteLine task;
  for (std::size_t i = 0; i < 3; ++i) task.values[i] = sites_[i].data();
  task.count = count;
  task.matrix = matrix;
  if (binned)
    for (std::size_t i = 0; i < 4; ++i) task.bins[i] = bins_[i].data();
  const auto measure = model_ == Model::ycbcr ? kernels_->ycbcr
                       : model_ == Model::rgb ? kernels_->rgb
                                              : kernels_->gray;
  const SiteCounts counts = measure(task);
  auto& outside = binned ? measure_.outside : measure_.filtered;
  for (std::size_t i = 0; i < kOutsideRungs; ++i) outside[i] += counts.outside[i];
  if (!binned) return;
  std::uint32_t* __restrict tables[4];
  for (std::size_t i = 0; i < 4; ++i) tables[i] = rgb_counts_[i].data();
  for (std::size_t site = 0; site < static_cast<std::size_t>(count); ++site)
    for (std::size_t i = 0; i < 4; ++i) ++tables[i][bins_[i][site]];
}

void SignalSweep::visit_sites(int y) {
  const int count = lattice_.count(y);
  measure_.sites += static_cast<std::uint32_t>(count);
  for (int i = 0; i < components(); ++i) read_sites(i, y);
  measure_sites(matrix_, count, true);
  if (measure_.chroma) {
    const SaturationCounts found = kernels_->saturation(sites_[1].data(), sites_[2].data(), count);
    measure_.saturation.sum += found.sum;
    measure_.saturation.max = std::max(measure_.saturation.max, found.max);
  }
  for (int i = 0; i < components(); ++i) filter_sites(i, y);
  measure_sites(filtered_matrix_, count, false);
}

void SignalSweep::finish() {
  if (measure_.chroma) measure_.chroma_counts = {cb_.counts(), cr_.counts()};
  if (measure_.rgb)
    for (std::size_t i = 0; i < 4; ++i) measure_.rgb_counts[i] = rgb_counts_[i];
  lines_ = before_ = nullptr;
  frame_ = {};
}

}  // namespace cleangate::probes
