// SPDX-License-Identifier: Apache-2.0
#include "specs/primary_timecode.h"

#include <algorithm>

namespace cleangate::specs {

const probes::TimecodeFacts* primary_timecode(const probes::AssetFacts& facts) {
  const auto found = std::find_if(facts.timecodes.begin(), facts.timecodes.end(),
                                  [](const auto& timecode) { return timecode.primary; });
  return found == facts.timecodes.end() ? nullptr : &*found;
}

std::optional<Timecode> start_label(const probes::TimecodeFacts& timecode) {
  if (!timecode.start.is_known() || !timecode.rate.is_known()) return std::nullopt;
  const bool drop = timecode.start->find(';') != std::string::npos;
  const auto format =
      TimecodeFormat::for_rate(*timecode.rate, drop ? DropFrame::drop : DropFrame::non_drop);
  if (!format) return std::nullopt;
  const auto label = Timecode::parse(*timecode.start, *format);
  return label ? std::optional(*label) : std::nullopt;
}

Rational picture_start(const probes::AssetFacts& facts, const probes::TimecodeFacts* timecode) {
  const probes::StreamFacts* picture = nullptr;
  for (const auto& stream : facts.streams)
    if (stream.video() && (!picture || (timecode && timecode->stream == stream.index)))
      picture = &stream;
  return picture ? picture->start_s.value_or(Rational(0)) : Rational(0);
}

}  // namespace cleangate::specs
