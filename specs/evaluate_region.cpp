// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "core/text.h"
#include "specs/evaluate.h"
#include "specs/primary_timecode.h"
#include "specs/quantities/frame_map.h"
#include "specs/subjects.h"

namespace cleangate::specs {
namespace {

std::optional<Rational> length_of(const probes::AssetFacts& facts) {
  std::optional<Rational> longest;
  for (const auto& stream : facts.streams)
    if ((stream.video() || stream.audio()) && stream.start_s.is_known() &&
        stream.duration_s.is_known())
      if (const auto end = checked_add(*stream.start_s, *stream.duration_s))
        longest = longest ? std::max(*longest, *end) : *end;
  if (!longest && facts.container.duration_s.is_known()) longest = *facts.container.duration_s;
  return longest;
}

// Labels after the file's first one, or why they cannot be counted.
Expected<std::int64_t> labels_after_start(const Label& label, const probes::TimecodeFacts& timecode,
                                          const TimecodeFormat& format) {
  const bool drop = format.drop_frame() == DropFrame::drop;
  const auto start = Timecode::parse(*timecode.start, format);
  const auto here = Timecode::make(label.hours, label.minutes, label.seconds, label.frames, format);
  if (!start || !here || (label.drop && !drop))
    return fail(ErrorCode::usage,
                fmt::format("The label {} does not exist in this timecode, which is {}-frame.",
                            to_text(label), drop ? "drop" : "non-drop"));
  const std::int64_t frames = here->frame_number() - start->frame_number();
  return frames < 0 ? frames + format.labels_per_day() : frames;  // past midnight
}

// Seconds from the start at which a label of the primary timecode stands.
Expected<Rational> place_label(const Label& label, const probes::AssetFacts& facts) {
  const auto* timecode = primary_timecode(facts);
  if (!timecode || !timecode->start.is_known() || !timecode->rate.is_known() ||
      *timecode->rate <= Rational(0))
    return fail(ErrorCode::usage,
                fmt::format("The label {} cannot be placed: the file has no timecode whose start "
                            "and rate are known.",
                            to_text(label)));
  const bool drop = timecode->drop_frame.is_known() && *timecode->drop_frame;
  const auto format =
      TimecodeFormat::for_rate(*timecode->rate, drop ? DropFrame::drop : DropFrame::non_drop);
  if (!format) return tl::unexpected(format.error());
  const auto frames = labels_after_start(label, *timecode, *format);
  if (!frames) return tl::unexpected(frames.error());
  if (!timecode->discontinuities.empty() && *frames >= timecode->discontinuities.front().frame)
    return fail(ErrorCode::usage,
                fmt::format("The label {} cannot be placed: the labels jump at frame {}.",
                            to_text(label), timecode->discontinuities.front().frame));
  const auto after = checked_div(Rational(*frames), *timecode->rate);
  const auto at = after ? checked_add(picture_start(facts, timecode), *after) : after;
  // A label of the past is one of tomorrow: it stands in the file only where the file lasts that
  // long. One label of grace: `out` may be the first label after the last.
  const auto length = length_of(facts);
  if (at && length && *at > *length + Rational(1) / *timecode->rate)
    return fail(ErrorCode::usage,
                fmt::format("The label {} does not lie in this file, whose first label is {}.",
                            to_text(label), readable(*timecode->start)));
  return at;
}

Expected<Point> parse_point(std::string_view text) {
  Point point;
  if (text == "start") return point;
  if (text == "end") {
    point.kind = Point::Kind::end;
    return point;
  }
  point.kind = Point::Kind::at;
  auto value = parse_value(text, {ValueKind::number, Unit::seconds, {}});
  if (!value) return tl::unexpected(value.error());
  point.at = {std::string(text), std::move(*value)};
  return point;
}

}  // namespace

Expected<Rational> Evaluation::place(const Point& point) const {
  const auto& facts = evidence_.facts();
  if (point.kind == Point::Kind::start) return Rational(0);
  if (point.kind == Point::Kind::end) {
    if (const auto length = length_of(facts)) return *length;
    return fail(ErrorCode::usage, "How long the file is, is not known.");
  }
  Limit at = point.at;
  if (!at.value) {
    std::vector<std::string> missing;
    const std::string text = substitute(at.written, order_, Substitution::plain, missing);
    if (!missing.empty())
      return fail(ErrorCode::usage,
                  fmt::format("Where the region lies is not known; say --set {}=VALUE.",
                              fmt::join(missing, "=VALUE --set ")));
    const auto parsed = parse_point(text);
    if (!parsed)
      return fail(ErrorCode::usage,
                  fmt::format("The order data do not fit: {}.", readable(parsed.error().message)));
    return place(*parsed);
  }
  if (const auto* label = std::get_if<Label>(&*at.value)) return place_label(*label, facts);
  const Amount& amount = std::get<Amount>(*at.value);
  if (amount.unit != Unit::frames) return amount.value;
  const auto rate = context(Subject{}).frame_rate;
  if (!rate || *rate <= Rational(0))
    return fail(ErrorCode::usage, "The region is in frames, and the frame rate is not known.");
  const auto after = checked_div(amount.value, *rate);
  return after ? checked_add(picture_start(facts, nullptr), *after) : after;
}

Expected<std::pair<Rational, Rational>> Evaluation::bounds(const RegionWindow& window,
                                                           const std::string& name) const {
  const auto in = place(window.in), out = place(window.out);
  if (!in) return tl::unexpected(in.error());
  if (!out) return tl::unexpected(out.error());
  if (*out <= *in || *in < Rational(0))
    return fail(ErrorCode::usage, fmt::format("The region {} is empty in this file.", name));
  const auto length = length_of(evidence_.facts());
  if (length && *in >= *length)
    return fail(ErrorCode::usage,
                fmt::format("The region {} lies behind the end of this file.", name));
  // What is missing of a region cannot have been judged. A frame of grace: streams end apart.
  const auto rate = context(Subject{}).frame_rate;
  const Rational grace = rate && *rate > Rational(0) ? Rational(1) / *rate : Rational(1, 10);
  if (length && *out > *length + grace)
    return fail(ErrorCode::usage,
                fmt::format("The region {} ends at {} s, behind the end of this file at {} s.",
                            name, to_decimal(*out, 3), to_decimal(*length, 3)));
  return std::pair(*in, *out);
}

Expected<std::optional<std::pair<Rational, Rational>>> Evaluation::set_window(
    const std::string& key) const {
  const auto found = order_.find(key);
  if (found == order_.end()) return std::nullopt;
  const auto dash = found->second.find('-');
  const auto in = parse_point(std::string_view(found->second).substr(0, dash));
  const auto out = dash == std::string::npos
                       ? fail(ErrorCode::usage, "")
                       : parse_point(std::string_view(found->second).substr(dash + 1));
  if (!in || !out)
    return fail(ErrorCode::usage,
                fmt::format("--set {0}={1} is not a region; write {0}=IN-OUT, for instance "
                            "{0}=10:00:00:00-10:42:00:00 or {0}=12.5s-end.",
                            key, readable(found->second)));
  const auto window = bounds({*in, *out}, key);
  if (!window) return tl::unexpected(window.error());
  return *window;
}

Expected<std::pair<Rational, Rational>> Evaluation::named_region(const RegionRef& region) const {
  const bool part = region.place == RegionRef::Place::part;
  const std::string key = part ? fmt::format("part.{}", region.part) : "programme";
  const auto set = set_window(key);
  if (!set) return tl::unexpected(set.error());
  if (*set) return **set;
  const Regions& known = *profile_.regions;
  const auto number = static_cast<std::size_t>(region.part);
  if (part && number <= known.parts.size()) return bounds(known.parts[number - 1], key);
  if (!part && known.programme) return bounds(*known.programme, key);
  return fail(ErrorCode::usage,
              fmt::format("Where the {} lies is not known; say --set {}=IN-OUT.",
                          part ? fmt::format("part {}", region.part) : "programme", key));
}

Expected<std::vector<Window>> Evaluation::windows(const RegionRef& region) const {
  if (region.place == RegionRef::Place::file) return std::vector<Window>{Window{}};
  const auto named = named_region(region);
  if (!named) return tl::unexpected(named.error());
  const auto& [in, out] = *named;
  std::vector<Window> all;
  const bool head = region.outside || region.place == RegionRef::Place::head;
  const bool tail = region.outside || region.place == RegionRef::Place::tail;
  if (!head && !tail) all.push_back({in, out});
  const auto length = length_of(evidence_.facts());
  if (head && in > Rational(0)) all.push_back({Rational(0), in});
  if (tail && (!length || out < *length)) all.push_back({out, std::nullopt});
  return all;
}

// Frames of a video stream by the same map that its runs are read with; seconds for the rest. The
// end of a stream whose last frames were not measured is not known.
void Evaluation::place_edges(SubjectContext& context, const Subject& subject,
                             const Window& window) const {
  const auto& facts = evidence_.facts();
  const bool own_stream = subject.kind == SubjectKind::video_stream ||
                          subject.kind == SubjectKind::audio_stream ||
                          subject.kind == SubjectKind::any_stream;
  const probes::StreamFacts* timed = own_stream ? find_stream(facts, subject.index) : nullptr;
  if (timed && timed->video())
    if (const auto map = FrameMap::of(evidence_, subject.index)) {
      const auto [first, end] = map->frames_in(window);
      context.region_first_frame = first;
      const auto& stated = timed->video()->frame_count;
      const bool whole = !map->incomplete() || (stated.is_known() && *stated == map->frame_count());
      if (whole || end < map->frame_count()) context.region_end_frame = end;
      return;
    }
  for (const auto& each : facts.streams)
    if (!timed && each.video()) timed = &each;
  if (!timed || !timed->start_s.is_known()) return;
  context.region_in_s = std::max(window.in_s.value_or(*timed->start_s), *timed->start_s);
  if (!timed->duration_s.is_known()) return;
  if (const auto end = checked_add(*timed->start_s, *timed->duration_s))
    context.region_out_s = std::min(window.out_s.value_or(*end), *end);
}

}  // namespace cleangate::specs
