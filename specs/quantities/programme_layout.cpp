// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/programme_layout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "specs/memory.h"
#include "specs/quantities/change_frames.h"
#include "specs/quantities/stream_readings.h"

namespace cleangate::specs {
namespace {

constexpr std::int64_t kClockSeconds = 60;      // the longest
constexpr std::int64_t kHeadSeconds = 180;      // where clocks are looked for
constexpr std::int64_t kSteppingPercent = 80;   // of a clock's frames repeat the one before
const Rational kCalmPercent(1, 2);              // of the nominal range, mean difference of a frame
constexpr std::int64_t kTransitionSeconds = 1;  // the longest

// Later ones override earlier ones where both are decided.
struct Part {
  std::string_view quantity;
  Shows shows;
  bool must_be_known;  // else no stream of this kind shows it
};
constexpr std::array<Part, 4> kParts{{{"picture.static", Shows::still, true},
                                      {"picture.single_color", Shows::plain, false},
                                      {"picture.black", Shows::black, true},
                                      {"picture.bars", Shows::bars, false}}};

std::optional<Reading> read(const Evidence& evidence, std::string_view id, int stream) {
  for (Reading& reading : default_readings(evidence, *find_quantity(id)))
    if (reading.subject.index == stream) return std::move(reading);
  return std::nullopt;
}

bool leads(Shows shows) {
  return shows != Shows::picture && shows != Shows::calm && shows != Shows::unknown;
}

// Certainly no programme, where nothing else speaks for it.
bool certain(Shows shows) { return shows == Shows::black || shows == Shows::bars; }

struct Edge {
  std::size_t certain = 0;   // sections that are certainly no programme
  std::size_t possible = 0;  // and those that may be none
};

// `at(i)` is the i-th section from the edge inward. Inside of color bars stands a leader: all that
// is parted from the programme by black, but for what may be a scene.
template <class At>
Edge find_edge(std::size_t count, const At& at) {
  Edge edge;
  while (edge.possible < count && at(edge.possible).shows != Shows::picture) ++edge.possible;
  std::size_t bars = 0;  // up to the last of them
  for (std::size_t i = 0; i < edge.possible; ++i)
    if (at(i).shows == Shows::bars) bars = i + 1;
  edge.certain = bars;
  for (std::size_t i = bars; i < edge.possible; ++i) {
    const Shows shows = at(i).shows;
    if (certain(shows))
      edge.certain = i + 1;
    else if (bars == 0 || shows == Shows::calm)
      break;
  }
  return edge;
}

std::string describe(std::vector<Section> sections) {
  std::vector<std::string_view> names;
  for (const Section& section : sections)
    if (names.empty() || names.back() != name_of(section.shows))
      names.push_back(name_of(section.shows));
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

std::string_view name_of(Shows shows) {
  constexpr std::array<std::string_view, 7> kNames{
      "picture", "black", "bars", "color", "still", "clock or quiet scene", "unknown"};
  return kNames[static_cast<std::size_t>(shows)];
}

tl::expected<LayoutFrames, Absent> LayoutFrames::of(const Evidence& evidence, int stream) {
  auto map = FrameMap::of(evidence, stream);
  if (!map) return tl::unexpected(std::move(map.error()));
  LayoutFrames frames(std::move(*map), evidence);
  if (auto why = frames.load()) return tl::unexpected(std::move(*why));
  return frames;
}

std::optional<Absent> LayoutFrames::load() {
  shows_.assign(static_cast<std::size_t>(map_.frame_count()), Shows::picture);
  const auto fill = [&](const std::vector<Span>& spans, Shows shows) {
    for (const Span& span : spans)
      std::fill(shows_.begin() + *span.first_frame, shows_.begin() + *span.end_frame, shows);
  };
  std::vector<std::pair<std::vector<Span>, Shows>> found;
  for (const Part& part : kParts) {
    auto reading = read(*evidence_, part.quantity, map_.stream());
    if (!reading) continue;
    if (auto* absent = std::get_if<Absent>(&reading->value)) {
      const bool has_none = absent->kind == AbsenceKind::not_applicable;
      if (part.must_be_known || !has_none) return std::move(*absent);
      continue;
    }
    auto& spans = std::get<Spans>(reading->value);
    fill(spans.undecided, Shows::unknown);
    found.emplace_back(std::move(spans.runs), part.shows);
  }
  for (const auto& [runs, shows] : found) fill(runs, shows);
  return std::nullopt;
}

std::optional<Absent> LayoutFrames::nothing_in(std::int64_t first, std::int64_t end) const {
  if (first >= end) return no_frame_there(map_);
  if (const auto& untimed = map_.untimed()) return Absent{AbsenceKind::undecided, *untimed};
  return std::nullopt;
}

// Frames [first, end) between two leading sections, near the beginning at `start`.
Shows LayoutFrames::kind_between(std::int64_t start, std::int64_t first, std::int64_t end) const {
  const Rational length = map_.start_s(end) - map_.start_s(first);
  if (length > Rational(kClockSeconds) ||
      map_.start_s(end) - map_.start_s(start) > Rational(kHeadSeconds))
    return Shows::picture;
  if (steps(first, end)) return Shows::still;
  if (length < Rational(kTransitionSeconds)) return Shows::unknown;
  return hardly_moves(first, end) ? Shows::calm : Shows::picture;
}

bool LayoutFrames::steps(std::int64_t first, std::int64_t end) const {
  const auto reading = read(*evidence_, "picture.repeats", map_.stream());
  const auto* spans = reading ? std::get_if<Spans>(&reading->value) : nullptr;
  if (!spans || end - first < 2) return false;
  std::int64_t repeats = 0;
  for (const Span& run : spans->runs)
    repeats += std::max<std::int64_t>(
        0, std::min(*run.end_frame, end) - std::max(*run.first_frame, first + 1));
  return repeats * 100 >= kSteppingPercent * (end - first - 1);
}

bool LayoutFrames::hardly_moves(std::int64_t first, std::int64_t end) const {
  const auto changes = ChangeFrames::of(*evidence_, map_.stream());
  if (!changes) return false;
  for (std::int64_t frame = first + 1; frame < end; ++frame)
    if (changes->state(frame) != ChangeFrames::State::compared ||
        changes->change(frame).luma > changes->level(frame, kCalmPercent))
      return false;
  return true;
}

std::vector<Section> LayoutFrames::sections(std::int64_t first, std::int64_t end) const {
  std::vector<Section> found;
  const auto add = [&](Section section) {
    if (!found.empty() && found.back().shows == section.shows)
      found.back().end = section.end;
    else
      found.push_back(section);
  };
  for (std::int64_t frame = first; frame < end; ++frame)
    add({shows_[static_cast<std::size_t>(frame)], frame, frame + 1});
  std::vector<Section> all = std::exchange(found, {});
  bool head = true;  // nothing but what leads so far
  for (std::size_t i = 0; i < all.size(); ++i) {
    Section section = all[i];
    if (head && section.shows == Shows::picture && i + 1 < all.size() && leads(all[i + 1].shows))
      section.shows = kind_between(first, section.first, section.end);
    head = head && section.shows != Shows::picture;
    add(section);
  }
  return found;
}

ProgrammeBounds find_programme(const std::vector<Section>& sections) {
  const std::size_t count = sections.size();
  ProgrammeBounds bounds;
  if (count == 0) return bounds;
  const std::int64_t first = sections.front().first, end = sections.back().end;
  const Edge head = find_edge(count, [&](std::size_t i) { return sections[i]; });
  if (head.possible == count) {  // nothing moves
    if (head.certain == count) return bounds;
    return {ProgrammeBounds::Is::open, first, end, first, end};
  }
  const Edge tail = find_edge(count, [&](std::size_t i) { return sections[count - 1 - i]; });
  const auto begin = [&](std::size_t i) { return i < count ? sections[i].first : end; };
  bounds.is = ProgrammeBounds::Is::found;
  bounds.start_low = begin(head.certain);
  bounds.start_high = begin(head.possible);
  bounds.end_low = begin(count - tail.possible);
  bounds.end_high = begin(count - tail.certain);
  return bounds;
}

std::string describe_before(const std::vector<Section>& sections, std::int64_t start) {
  std::vector<Section> before;
  std::copy_if(sections.begin(), sections.end(), std::back_inserter(before),
               [&](const Section& section) { return section.end <= start; });
  return describe(std::move(before));
}

std::string describe_after(const std::vector<Section>& sections, std::int64_t end) {
  std::vector<Section> after;
  std::copy_if(sections.begin(), sections.end(), std::back_inserter(after),
               [&](const Section& section) { return section.first >= end; });
  return describe(std::move(after));
}

ProgrammeParts find_parts(const std::vector<Section>& sections, const ProgrammeBounds& bounds,
                          const std::function<bool(const Section&)>& parts) {
  ProgrammeParts found;
  std::vector<Section> piece;
  const auto close = [&] {
    if (piece.empty()) return;
    const Section whole{Shows::picture, piece.front().first, piece.back().end};
    const bool moves = std::any_of(piece.begin(), piece.end(), [](const Section& section) {
      return section.shows == Shows::picture;
    });
    const bool edges = whole.first >= bounds.start_high && whole.end <= bounds.end_low;
    if (moves)
      found.parts.push_back({edges ? Shows::picture : Shows::unknown, whole.first, whole.end});
    else
      found.open.push_back({Shows::unknown, whole.first, whole.end});
    piece.clear();
  };
  for (const Section& section : sections) {
    if (section.first < bounds.start_low || section.end > bounds.end_high) continue;
    if (section.shows == Shows::bars || (section.shows == Shows::black && parts(section))) {
      close();
      continue;
    }
    piece.push_back(section);
  }
  close();
  return found;
}

}  // namespace cleangate::specs
