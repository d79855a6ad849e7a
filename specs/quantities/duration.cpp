// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/duration.h"

#include <fmt/format.h>

#include "specs/subjects.h"

namespace cleangate::specs {

bool Duration::reached_by(const FrameMap& map, std::int64_t first, std::int64_t end) const {
  if (frames) return Rational(end - first) >= *frames;
  return map.start_s(end) - map.start_s(first) >= seconds;
}

tl::expected<Duration, Absent> duration_of(const Parameters& parameters, std::string_view name,
                                           const Evidence& evidence, int stream) {
  const Rational written = parameters.number(name);
  if (parameters.unit(name) != Unit::frames) return Duration{written, {}};
  const probes::StreamFacts* facts = find_stream(evidence.facts(), stream);
  const probes::VideoFacts* video = facts ? facts->video() : nullptr;
  const bool variable = video && video->frame_rate_mode.is_known() &&
                        *video->frame_rate_mode == probes::RateMode::variable;
  if (!video || variable || !video->frame_rate.is_known() || *video->frame_rate <= Rational(0))
    return tl::unexpected(
        Absent{AbsenceKind::undecided,
               fmt::format("The parameter {} is in frames, and the frame rate of stream {} is "
                           "variable or not known.",
                           name, stream)});
  return Duration{written / *video->frame_rate, written};
}

}  // namespace cleangate::specs
