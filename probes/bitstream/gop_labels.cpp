// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/gop_labels.h"

namespace cleangate::probes {
namespace {

constexpr std::size_t kMostDiscontinuities = 100;

}  // namespace

void GopLabels::gop(const Label& label) { entries_.push_back({presented_, 0, 0, label}); }

void GopLabels::frame(int fields, bool hidden) {
  if (entries_.empty()) {
    if (!hidden) fields_before_ += fields;
  } else {
    entries_.back().fields += fields;
    if (hidden) ++entries_.back().hidden;
  }
  if (!hidden) ++presented_;
}

std::vector<TimecodeFacts> GopLabels::facts(const std::optional<Rational>& frame_rate) const {
  if (entries_.empty()) return {};
  TimecodeFacts facts;
  const bool presented_first = entries_.front().first_frame == 0;
  facts.source = TimecodeSource::gop;
  facts.stream = stream_;
  facts.rate = Fact<Rational>::of(frame_rate);
  facts.drop_frame = entries_.front().label.drop;
  facts.start = presented_first ? Fact<std::string>(to_string(entries_.front().label))
                                : Fact<std::string>::unknown();
  if (!frame_rate) return {facts};
  const auto format_of = [&](const Label& label) {
    auto format =
        TimecodeFormat::for_rate(*frame_rate, label.drop ? DropFrame::drop : DropFrame::non_drop);
    return format ? format : TimecodeFormat::for_rate(*frame_rate, DropFrame::non_drop);
  };
  const auto format = format_of(entries_.front().label);
  if (!format) return {facts};
  const auto timecode = [&](const Label& l) {
    return Timecode::make(l.hours, l.minutes, l.seconds, l.frames, *format);
  };
  // Frames before the first label are counted back from it; a half label names nothing.
  const auto first = timecode(entries_.front().label);
  const std::int64_t ahead = presented_first ? entries_.front().hidden : -fields_before_ / 2;
  if (first && (presented_first || fields_before_ % 2 == 0))
    facts.start = cleangate::to_string(first->plus_frames(ahead));

  for (std::size_t i = 1; i < entries_.size(); ++i) {
    if (facts.discontinuities.size() >= kMostDiscontinuities) break;
    const auto before = timecode(entries_[i - 1].label), found = timecode(entries_[i].label);
    if (!before) continue;
    const std::int64_t fields = entries_[i - 1].fields;
    const Timecode early = before->plus_frames(fields / 2);
    const Timecode late = before->plus_frames((fields + 1) / 2);
    const bool same_count = entries_[i].label.drop == entries_[i - 1].label.drop;
    if (found && same_count && (*found == early || *found == late)) continue;
    facts.discontinuities.push_back(
        {entries_[i].first_frame, cleangate::to_string(early), to_string(entries_[i].label)});
  }
  return {facts};
}

}  // namespace cleangate::probes
