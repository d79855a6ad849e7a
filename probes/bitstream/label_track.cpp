// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/label_track.h"

#include <fmt/format.h>

#include <algorithm>

namespace cleangate::probes {
namespace {

constexpr std::size_t kMostDiscontinuities = 100;

// Hours 5 bits, minutes 6, seconds 6, frames 9, drop 1: every label ST 12-1 and H.264 can state.
std::int32_t pack(const Label& l) {
  return l.hours << 22 | l.minutes << 16 | l.seconds << 10 | l.frames << 1 | (l.drop ? 1 : 0);
}

Label unpack(std::int32_t packed) {
  return {packed >> 22, packed >> 16 & 63, packed >> 10 & 63, packed >> 1 & 511, (packed & 1) != 0};
}

std::optional<TimecodeFormat> format_of(const std::optional<Rational>& rate, bool drop) {
  if (!rate) return std::nullopt;
  auto format = TimecodeFormat::for_rate(*rate, drop ? DropFrame::drop : DropFrame::non_drop);
  if (!format && drop) format = TimecodeFormat::for_rate(*rate, DropFrame::non_drop);
  if (!format) return std::nullopt;
  return *format;
}

std::optional<std::int64_t> count_of(const Label& label, const TimecodeFormat& format) {
  const auto made = Timecode::make(label.hours, label.minutes, label.seconds, label.frames, format);
  if (!made) return std::nullopt;
  return made->frame_number();
}

}  // namespace

std::string to_string(const Label& label) {
  return fmt::format("{:02}:{:02}:{:02}{}{:02}", label.hours, label.minutes, label.seconds,
                     label.drop ? ';' : ':', label.frames);
}

void LabelTrack::add(std::optional<std::int64_t> pts, const std::optional<Label>& label) {
  timed_ &= pts.has_value();
  Entry entry{pts.value_or(0), -1};
  if (label && label->hours < 32 && label->minutes < 60 && label->seconds < 60 &&
      label->frames < 512) {
    entry.packed = pack(*label);
    labelled_ = true;
  }
  entries_.push_back(entry);
}

// How many labels the frames before `first`, the first one with a label, would have had; empty: not
// known which half of a pair it is.
std::optional<std::int64_t> LabelTrack::labels_before(const std::vector<Entry>& entries,
                                                      std::int64_t first,
                                                      std::int64_t frames_per_label) {
  if (frames_per_label == 1 || first % 2 == 0) return first / frames_per_label;
  const auto next = static_cast<std::size_t>(first) + 1;
  if (next >= entries.size() || entries[next].packed < 0) return std::nullopt;
  const bool begins_pair = entries[next].packed == entries[next - 1].packed;
  return begins_pair ? (first + 1) / 2 : first / 2;
}

std::vector<TimecodeFacts> LabelTrack::facts() const {
  if (!labelled_) return {};
  std::vector<Entry> entries = entries_;
  if (timed_)
    std::stable_sort(entries.begin(), entries.end(),
                     [](const Entry& a, const Entry& b) { return a.pts < b.pts; });
  const bool drop = std::any_of(entries.begin(), entries.end(), [](const Entry& e) {
    return e.packed >= 0 && (e.packed & 1) != 0;
  });
  // Pictures at twice the label rate share a label two by two; labels that count beyond the frame
  // rate count fields.
  std::int64_t pairs = 0, equal = 0, most_frames = 0;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].packed < 0) continue;
    most_frames = std::max<std::int64_t>(most_frames, unpack(entries[i].packed).frames);
    if (i == 0 || entries[i - 1].packed < 0) continue;
    ++pairs;
    equal += entries[i].packed == entries[i - 1].packed ? 1 : 0;
  }
  const std::int64_t frames_per_label = equal * 3 > pairs ? 2 : 1;
  std::optional<Rational> rate = rate_;
  if (rate && frames_per_label == 2)
    rate = *rate / Rational(2);
  else if (rate && most_frames >= rate->round())
    rate = *rate * Rational(2);
  const auto format = format_of(rate, drop);
  const auto shown = [&](std::int32_t packed) {
    Label label = unpack(packed);
    label.drop = format ? format->drop_frame() == DropFrame::drop : drop;
    return label;
  };

  TimecodeFacts facts;
  facts.source = TimecodeSource::sei;
  facts.stream = stream_;
  facts.rate = Fact<Rational>::of(rate);
  facts.drop_frame = drop;
  const auto first =
      std::find_if(entries.begin(), entries.end(), [](const Entry& e) { return e.packed >= 0; });
  const bool placed = format && (timed_ || !reordered_);
  facts.start = Fact<std::string>::unknown();
  const auto before = labels_before(entries, first - entries.begin(), frames_per_label);
  const auto counted = placed && before ? count_of(shown(first->packed), *format) : std::nullopt;
  if (first == entries.begin())
    facts.start = to_string(shown(first->packed));
  else if (counted)
    facts.start = cleangate::to_string(Timecode::from_frames(*counted - *before, *format));
  if (!placed) return {facts};

  std::optional<std::int64_t> anchor_count, anchor_frame;  // label and frame it is counted from
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].packed < 0) continue;
    const auto frame = static_cast<std::int64_t>(i);
    const Label label = shown(entries[i].packed);
    const auto count = count_of(label, *format);
    std::optional<Timecode> expected;
    bool follows = false;
    if (anchor_count) {
      const std::int64_t ahead = (frame - *anchor_frame) / frames_per_label;
      expected = Timecode::from_frames(*anchor_count + ahead, *format);
      follows = count && *count == expected->frame_number();
      if (!follows && count && frames_per_label == 2 && *anchor_frame == 0 && frame == 1) {
        // The first label may be the second half of its pair.
        follows = *count == expected->plus_frames(1).frame_number();
        if (follows) anchor_count.reset();
      }
    }
    if (anchor_count && !follows && facts.discontinuities.size() < kMostDiscontinuities)
      facts.discontinuities.push_back({frame, to_string(*expected), to_string(label)});
    if (!anchor_count || !follows) {
      anchor_count = count;
      if (count) anchor_frame = frame;
    }
  }
  return {facts};
}

}  // namespace cleangate::probes
