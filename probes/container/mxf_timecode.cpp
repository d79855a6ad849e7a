// SPDX-License-Identifier: Apache-2.0
#include "probes/container/mxf_model.h"

namespace cleangate::probes {
namespace {

constexpr std::size_t kMaxDiscontinuities = 100;

struct Segment {
  std::int64_t start = 0;     // labels
  std::int64_t duration = 0;  // edit units of the track; negative = unknown
  TimecodeFormat format;
};

std::optional<Segment> read_segment(const MxfSet& component) {
  const auto start = component.position(tag::timecode_start);
  const auto base = component.number(tag::timecode_base);
  const auto drop = component.number(tag::timecode_drop).value_or(0);
  if (!start || !base || *base > 999) return std::nullopt;
  const auto format =
      TimecodeFormat::make(static_cast<int>(*base), drop ? DropFrame::drop : DropFrame::non_drop);
  if (!format) return std::nullopt;
  return Segment{*start, component.position(tag::duration).value_or(-1), *format};
}

// The timecode components of a track, whose sequence may be left out around a single one.
std::vector<Segment> segments_of(const HeaderMetadata& header, const MxfSet& track) {
  std::vector<Segment> segments;
  const MxfSet* sequence = header.one(track, tag::track_sequence);
  if (!sequence) return segments;
  std::vector<const MxfSet*> components{sequence};
  if (sequence->kind() == SetKind::sequence) components = header.all(*sequence, tag::components);
  for (const MxfSet* component : components) {
    if (component->kind() != SetKind::timecode_component) continue;
    if (auto segment = read_segment(*component)) segments.push_back(*segment);
  }
  return segments;
}

// Labels a second: the edit rate of the track where it rounds to the base, else that of another
// track of the package (a timecode track of a sound file may count samples).
std::optional<Rational> label_rate(const HeaderMetadata& header, const MxfSet& package,
                                   const MxfSet& track, int base) {
  const auto fits = [&](const std::optional<Rational>& rate) {
    return rate && *rate > Rational(0) && *rate < Rational(1'000) && rate->round() == base;
  };
  const auto own = track.rational(tag::edit_rate);
  if (fits(own)) return own;
  for (const MxfSet* other : header.all(package, tag::package_tracks)) {
    const auto rate = other->rational(tag::edit_rate);
    if (fits(rate)) return rate;
  }
  return std::nullopt;
}

std::optional<std::int64_t> labels_in(std::int64_t edit_units,
                                      const std::optional<Rational>& edit_rate,
                                      const std::optional<Rational>& labels_a_second) {
  if (edit_units < 0) return std::nullopt;
  if (!edit_rate || !labels_a_second || *edit_rate <= Rational(0)) return edit_units;
  const auto ratio = checked_div(*labels_a_second, *edit_rate);
  if (!ratio) return std::nullopt;
  const auto labels = checked_mul(Rational(edit_units), *ratio);
  if (!labels) return std::nullopt;
  return labels->round();
}

TimecodeFacts facts_of(const HeaderMetadata& header, const MxfSet& package, const MxfSet& track,
                       const std::vector<Segment>& segments, TimecodeSource source) {
  const Segment& first = segments.front();
  TimecodeFacts facts;
  facts.source = source;
  facts.start = to_string(Timecode::from_frames(first.start, first.format));
  facts.drop_frame = first.format.drop_frame() == DropFrame::drop;
  const auto rate = label_rate(header, package, track, first.format.nominal());
  facts.rate = Fact<Rational>::of(rate);
  std::int64_t frame = 0;
  for (std::size_t i = 0; i + 1 < segments.size(); ++i) {
    const auto labels = labels_in(segments[i].duration, track.rational(tag::edit_rate), rate);
    if (!labels || *labels > (std::int64_t{1} << 48)) break;
    frame += *labels;
    const Timecode expected =
        Timecode::from_frames(segments[i].start, segments[i].format).plus_frames(*labels);
    const Timecode found = Timecode::from_frames(segments[i + 1].start, segments[i + 1].format);
    if (expected == found) continue;
    facts.discontinuities.push_back({frame, to_string(expected), to_string(found)});
    if (facts.discontinuities.size() == kMaxDiscontinuities) break;
  }
  return facts;
}

}  // namespace

std::vector<TimecodeFacts> read_timecodes(const HeaderMetadata& header, const MxfSet& package,
                                          TimecodeSource source) {
  std::vector<TimecodeFacts> timecodes;
  for (const MxfSet* track : header.all(package, tag::package_tracks)) {
    const auto segments = segments_of(header, *track);
    if (segments.empty() || timecodes.size() >= 64) continue;
    timecodes.push_back(facts_of(header, package, *track, segments, source));
  }
  return timecodes;
}

}  // namespace cleangate::probes
