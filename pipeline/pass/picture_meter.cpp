// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/picture_meter.h"

#include <algorithm>

#include "pipeline/media/av/pixel_layout.h"

namespace cleangate::pass {

using probes::PictureAnalyzer;

namespace {

probes::FrameSweep::Options options(const std::vector<const PictureAnalyzer*>& analyzers) {
  using Changes = probes::FrameSweep::Options::Changes;
  probes::FrameSweep::Options wanted;
  wanted.changes = read_pairs(analyzers) ? Changes::measured : Changes::skipped;
  return wanted;
}

}  // namespace

bool read_pairs(const std::vector<const PictureAnalyzer*>& analyzers) {
  return std::any_of(analyzers.begin(), analyzers.end(), [](const PictureAnalyzer* a) {
    return a->reads == PictureAnalyzer::Reads::pair;
  });
}

PictureMeter::PictureMeter(int stream, const std::vector<const PictureAnalyzer*>& analyzers,
                           const PassTuning& tuning)
    : stream_(stream), analyzers_(analyzers), tuning_(tuning), sweep_(options(analyzers)) {}

FrameRecord PictureMeter::measure(const av::Picture& picture, const av::Picture* previous) {
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
  const bool comparable = previous && previous->measurable;
  sweep_.run(frame, comparable ? &previous->frame : nullptr);
  if (comparable) record.compared_with = previous->tag;
  for (const PictureAnalyzer* analyzer : analyzers_) {
    record.rows.resize(record.rows.size() + analyzer->type->size);
    analyzer->measure(sweep_, std::span(record.rows).last(analyzer->type->size));
  }
  return record;
}

void PictureMeter::join(FrameRecord& record, const av::Picture& picture,
                        const av::Picture& previous) {
  if (!picture.measurable || !previous.measurable || record.rows.empty()) return;
  sweep_.compare(picture.frame, previous.frame);
  record.compared_with = previous.tag;
  std::size_t at = 0;
  for (const PictureAnalyzer* analyzer : analyzers_) {
    if (analyzer->join)
      analyzer->join(sweep_, std::span(record.rows).subspan(at, analyzer->type->size));
    at += analyzer->type->size;
  }
}

}  // namespace cleangate::pass
