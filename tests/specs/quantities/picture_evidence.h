// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "probes/picture/bars.h"
#include "probes/picture/change.h"
#include "probes/picture/flash.h"
#include "probes/picture/frame_time_row.h"
#include "probes/picture/luma.h"
#include "probes/picture/outliers.h"
#include "probes/picture/signal.h"
#include "probes/picture/texture.h"
#include "specs/parameters.h"
#include "specs/quantity.h"
#include "tests/probes/picture/made_frame.h"
#include "tests/support/row_evidence.h"

namespace cleangate::test {

// One video stream made in a test, frame by frame, at 25 frames/s in ticks of 1/12800 s.
class PictureStream {
 public:
  static constexpr std::int64_t kTicks = 512;

  explicit PictureStream(int bits = 8, int width = 64, int height = 36)
      : bits_(bits), width_(width), height_(height) {
    probes::StreamFacts stream;
    stream.kind = probes::StreamKind::video;
    stream.time_base = Rational(1, 12800);
    stream.start_s = Rational(0);
    probes::VideoFacts video;
    video.width = width;
    video.height = height;
    video.frame_rate = Rational(25);
    video.pixel_aspect = Rational(1);
    stream.media = video;
    evidence_.facts_.streams.push_back(stream);
  }

  using Luma = std::function<std::uint32_t(int x, int y)>;
  PictureStream& add(const Luma& luma, int frames = 1) {
    for (int i = 0; i < frames; ++i) {
      if (i == 0) {
        auto made = luma_frame(width_, height_, bits_, luma);
        made->frame.color.range = range_;
        sweep_.run(made->frame, before_ ? &before_->frame : nullptr);
        before_ = std::move(made);
      } else if (i == 1) {
        sweep_.run(before_->frame, &before_->frame);
      }
      add_row(probes::analyze_luma(sweep_), 0);
      changes_.back() = probes::analyze_change(sweep_);
      signals_.back() = probes::analyze_signal(sweep_);
      bars_.back() = probes::analyze_bars(sweep_);
      flashes_.back() = probes::analyze_flash(sweep_);
      textures_.back() = probes::analyze_texture(sweep_);
      outliers_.back() = probes::analyze_outliers(sweep_);
    }
    return *this;
  }
  // Flat frames of Y'CbCr, 4:4:4.
  PictureStream& add_color(std::uint32_t y, std::uint32_t cb, std::uint32_t cr, int frames = 1,
                           const ColorDescription& color = {}) {
    PixelLayout layout = planar_luma(bits_);
    layout.component_count = 3;
    for (std::uint8_t i = 1; i < 3; ++i) {
      layout.components[i] = layout.components[0];
      layout.components[i].plane = i;
    }
    auto made =
        std::make_unique<MadeFrame>(width_, height_, layout, planar_stride(width_, bits_), 3);
    const std::uint32_t codes[3] = {y, cb, cr};
    for (int i = 0; i < 3; ++i) made->fill(i, [&](int, int) { return codes[i]; });
    made->frame.color = color;
    sweep_.run(made->frame);
    before_.reset();
    for (int i = 0; i < frames; ++i) {
      add_row(probes::analyze_luma(sweep_), 0);
      signals_.back() = probes::analyze_signal(sweep_);
      bars_.back() = probes::analyze_bars(sweep_);
      flashes_.back() = probes::analyze_flash(sweep_);
      textures_.back() = probes::analyze_texture(sweep_);
    }
    return *this;
  }
  PictureStream& add_flat(std::uint32_t code, int frames = 1) {
    return add([code](int, int) { return code; }, frames);
  }
  PictureStream& add_bars(const probes::BarsRow& row, int frames = 1) {
    for (int i = 0; i < frames; ++i) {
      add_row({}, 0);
      bars_.back() = row;
    }
    return *this;
  }
  PictureStream& add_damaged(int frames = 1) {
    for (int i = 0; i < frames; ++i)
      add_row(probes::LumaRow::damaged(), probes::FrameTimeRow::kDamaged);
    return *this;
  }
  PictureStream& add_row(const probes::LumaRow& row, std::uint32_t time_flags) {
    luma_.push_back(row);
    changes_.push_back(probes::ChangeRow::damaged());
    signals_.push_back(probes::SignalRow::damaged());
    bars_.push_back(probes::BarsRow::damaged());
    flashes_.push_back(probes::FlashRow::damaged());
    textures_.push_back(probes::TextureRow::damaged());
    outliers_.push_back(probes::OutliersRow::damaged());
    if (time_flags & probes::FrameTimeRow::kDamaged) before_.reset();
    probes::FrameTimeRow time;
    time.pts = pts_;
    time.duration = kTicks;
    time.flags = time_flags;
    pts_ += kTicks;
    times_.push_back(time);
    return *this;
  }
  PictureStream& range(SignalRange range) {
    range_ = range;
    return *this;
  }
  std::vector<probes::FrameTimeRow>& times() { return times_; }
  std::vector<probes::FlashRow>& flashes() { return flashes_; }
  probes::AssetFacts& asset() { return evidence_.facts_; }
  probes::StreamFacts& facts() { return evidence_.facts_.streams[0]; }

  const RowEvidence& evidence() {
    evidence_.set(RowEvidence::id<probes::LumaRow>(0), luma_);
    evidence_.set(RowEvidence::id<probes::ChangeRow>(0), changes_);
    evidence_.set(RowEvidence::id<probes::SignalRow>(0), signals_);
    evidence_.set(RowEvidence::id<probes::BarsRow>(0), bars_);
    evidence_.set(RowEvidence::id<probes::FlashRow>(0), flashes_);
    evidence_.set(RowEvidence::id<probes::TextureRow>(0), textures_);
    evidence_.set(RowEvidence::id<probes::OutliersRow>(0), outliers_);
    evidence_.set(RowEvidence::id<probes::FrameTimeRow>(0), times_);
    return evidence_;
  }

  // The one reading of a quantity, with parameters as a profile writes them.
  specs::Reading read(
      std::string_view id,
      std::initializer_list<std::pair<std::string_view, std::string_view>> written = {},
      const specs::Window& window = {}) {
    const specs::Quantity* quantity = specs::find_quantity(id);
    if (!quantity) throw std::logic_error("no such quantity");
    specs::ParameterSet parameters(*quantity);
    for (const auto& [name, value] : written)
      if (!parameters.set(name, value)) throw std::logic_error("no such parameter");
    auto readings = quantity->evaluate(evidence(), parameters, window);
    if (readings.size() != 1) throw std::logic_error("not one reading");
    return std::move(readings.front());
  }

 private:
  int bits_, width_, height_;
  SignalRange range_ = SignalRange::unspecified;
  std::int64_t pts_ = 0;
  std::unique_ptr<MadeFrame> before_;  // to be compared with; none behind a damaged one
  std::vector<probes::LumaRow> luma_;
  std::vector<probes::ChangeRow> changes_;
  std::vector<probes::SignalRow> signals_;
  std::vector<probes::BarsRow> bars_;
  std::vector<probes::FlashRow> flashes_;
  std::vector<probes::TextureRow> textures_;
  std::vector<probes::OutliersRow> outliers_;
  std::vector<probes::FrameTimeRow> times_;
  probes::FrameSweep sweep_;
  RowEvidence evidence_;
};

using Runs = std::vector<std::pair<std::int64_t, std::int64_t>>;

inline Runs frames_of(const std::vector<specs::Span>& spans) {
  Runs runs;
  for (const specs::Span& span : spans) runs.emplace_back(*span.first_frame, *span.end_frame);
  return runs;
}

}  // namespace cleangate::test
