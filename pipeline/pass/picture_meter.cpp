// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/picture_meter.h"

#include <algorithm>

#include "pipeline/media/av/pixel_layout.h"

namespace cleangate::pass {

using probes::PictureAnalyzer;

PictureMeter::PictureMeter(int stream, const std::vector<const PictureAnalyzer*>& analyzers,
                           const PassTuning& tuning)
    : stream_(stream), analyzers_(analyzers), tuning_(tuning) {
  keeps_sweeps_ = std::any_of(analyzers.begin(), analyzers.end(), [](const PictureAnalyzer* a) {
    return a->reads == PictureAnalyzer::Reads::frame_and_previous;
  });
}

FrameRecord PictureMeter::measure(const av::Picture& picture) {
  const VideoFrame& frame = picture.frame;
  FrameRecord record;
  record.packet = picture.tag;
  record.geometry = static_cast<std::uint32_t>(frame.width) << 16 |
                    (static_cast<std::uint32_t>(frame.height) & 0xffff);
  record.format = {
      0,           frame.width,       frame.height, std::nullopt, std::nullopt, std::nullopt,
      frame.color, frame.pixel_aspect};
  if (picture.measurable) {
    record.format.chroma = std::string(av::chroma_name(frame.layout));
    record.format.bit_depth = frame.layout.components[0].bits;
  }
  record.damaged = picture.damaged;
  record.interlaced = picture.interlaced;
  record.top_field_first = frame.structure == PictureStructure::top_field_first;
  record.repeat_field = frame.repeat_first_field;
  if (!picture.measurable) {
    record.unmeasured = picture.because;
    return record;
  }
  if (tuning_.inspect) tuning_.inspect(stream_, picture.tag, frame);
  if (analyzers_.empty()) return record;
  if (!sweep_) sweep_ = std::make_unique<probes::FrameSweep>();
  sweep_->run(frame);
  for (const PictureAnalyzer* analyzer : analyzers_) {
    record.rows.resize(record.rows.size() + analyzer->type->size);
    if (analyzer->reads == PictureAnalyzer::Reads::frame)
      analyzer->measure(*sweep_, nullptr, std::span(record.rows).last(analyzer->type->size));
  }
  if (keeps_sweeps_) record.sweep = std::move(sweep_);
  return record;
}

}  // namespace cleangate::pass
