// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "probes/container/mov_track.h"

namespace cleangate::probes {
namespace {

constexpr std::uint64_t kMaxSamples = 262'144;
constexpr std::size_t kMaxDiscontinuities = 100;

std::vector<std::byte> table(TableReader& reader, const std::optional<MovBox>& box) {
  if (!box) return {};
  return reader.read(box->content, box->content_size());
}

// Runs of `stsc`: from this chunk (from 1) on, so many samples a chunk.
struct ChunkRun {
  std::uint32_t first = 0, samples = 0;
};

// Offsets in the file of the samples of a track, four bytes each.
std::vector<std::uint64_t> sample_offsets(TableReader& reader, const MovTrack& track,
                                          std::uint64_t count) {
  const auto stsc = table(reader, track.stsc);
  ByteCursor cursor(stsc);
  cursor.skip(4);
  std::vector<ChunkRun> runs;
  for (std::uint32_t left = cursor.u32(); left > 0 && cursor.left() >= 12; --left) {
    ChunkRun run;
    run.first = cursor.u32();
    run.samples = cursor.u32();
    cursor.skip(4);
    runs.push_back(run);
  }
  const bool wide = track.co64.has_value();
  const auto chunks = table(reader, wide ? track.co64 : track.stco);
  ByteCursor chunk(chunks);
  chunk.skip(4);
  const std::uint32_t chunk_count = chunk.u32();
  std::vector<std::uint64_t> offsets;
  std::size_t run = 0;
  for (std::uint32_t i = 1; i <= chunk_count && offsets.size() < count && run < runs.size(); ++i) {
    const std::uint64_t start = chunk.big(wide ? 8 : 4);
    if (!chunk.ok()) break;
    while (run + 1 < runs.size() && runs[run + 1].first <= i) ++run;
    for (std::uint64_t s = 0; s < runs[run].samples && offsets.size() < count; ++s)
      offsets.push_back(start + 4 * s);
  }
  return offsets;
}

// Labels the samples start with, in order. Neighbouring samples are read together.
std::vector<std::uint32_t> sample_labels(TableReader& reader,
                                         const std::vector<std::uint64_t>& offsets) {
  std::vector<std::uint32_t> labels;
  for (std::size_t i = 0; i < offsets.size();) {
    std::size_t end = i + 1;
    while (end < offsets.size() && offsets[end] == offsets[end - 1] + 4) ++end;
    const auto bytes = reader.read(offsets[i], 4 * (end - i));
    ByteCursor cursor(bytes);
    for (; cursor.left() >= 4; ++i) labels.push_back(cursor.u32());
    if (i != end) break;
  }
  return labels;
}

std::uint64_t sample_count(TableReader& reader, const MovTrack& track) {
  if (!track.stsz) return 0;
  const auto bytes = reader.read(track.stsz->content, 12);
  ByteCursor cursor(bytes);
  cursor.skip(8);
  return cursor.u32();
}

// Walks `stts`: media ticks each sample lasts.
class Durations {
 public:
  explicit Durations(std::span<const std::byte> stts) : cursor_(stts) { cursor_.skip(8); }
  std::uint32_t next() {
    while (left_ == 0 && cursor_.left() >= 8) {
      left_ = cursor_.u32();
      delta_ = cursor_.u32();
    }
    if (left_ == 0) return 0;
    --left_;
    return delta_;
  }

 private:
  ByteCursor cursor_;
  std::uint32_t left_ = 0, delta_ = 0;
};

struct LabelClock {
  TimecodeFormat format;
  Rational ticks_per_label;  // media ticks
  bool negative;
  [[nodiscard]] Timecode label(std::uint32_t stored) const {
    const auto count =
        negative ? std::int64_t{static_cast<std::int32_t>(stored)} : std::int64_t{stored};
    return Timecode::from_frames(count, format);
  }
  [[nodiscard]] std::int64_t labels_in(std::uint64_t ticks) const {
    const auto labels = checked_div(Rational(static_cast<std::int64_t>(ticks)), ticks_per_label);
    return labels ? labels->round() : 0;
  }
};

void find_discontinuities(const std::vector<std::uint32_t>& labels, std::span<const std::byte> stts,
                          const LabelClock& clock, TimecodeFacts& facts) {
  Durations durations(stts);
  std::uint64_t ticks = 0;
  for (std::size_t i = 0; i + 1 < labels.size(); ++i) {
    const std::uint32_t lasts = durations.next();
    ticks += lasts;
    const Timecode expected = clock.label(labels[i]).plus_frames(clock.labels_in(lasts));
    const Timecode found = clock.label(labels[i + 1]);
    if (expected == found) continue;
    facts.discontinuities.push_back(
        {clock.labels_in(ticks), to_string(expected), to_string(found)});
    if (facts.discontinuities.size() == kMaxDiscontinuities) return;
  }
}

// Labels skipped before the first presented one: the edit list of the timecode track may start
// inside its media.
std::int64_t skipped_labels(const MovTrack& track, const LabelClock& clock) {
  for (const MovEditEntry& edit : track.edits)
    if (edit.media_time >= 0) return clock.labels_in(static_cast<std::uint64_t>(edit.media_time));
  return 0;
}

// Labels a second as stated, when the rate can have them: the rate rounded, or half of it (60p
// counted in pairs). Some cameras cut 29.97 to 29 and still count to 30.
bool states_its_base(const MovTimecodeEntry& entry, const Rational& rate) {
  const std::int64_t rounded = rate.round();
  return entry.frames > 0 && (entry.frames == rounded || 2 * entry.frames == rounded);
}

std::optional<LabelClock> clock_of(const MovTrack& track) {
  const MovTimecodeEntry& entry = *track.timecode;
  if (entry.time_scale == 0 || entry.frame_duration == 0 || track.time_scale == 0 || entry.counter)
    return std::nullopt;
  const Rational rate(entry.time_scale, entry.frame_duration);
  const auto drop = entry.drop ? DropFrame::drop : DropFrame::non_drop;
  const auto format = states_its_base(entry, rate) ? TimecodeFormat::make(entry.frames, drop)
                                                   : TimecodeFormat::for_rate(rate, drop);
  const auto ticks = checked_div(Rational(track.time_scale), rate);
  if (!format || !ticks) return std::nullopt;
  return LabelClock{*format, *ticks, entry.negative};
}

}  // namespace

TimecodeFacts read_timecode_track(TableReader& reader, const MovTrack& track) {
  TimecodeFacts facts{TimecodeSource::tmcd,
                      static_cast<int>(track.found.native_id),
                      Fact<std::string>::unknown(),
                      Fact<Rational>::unknown(),
                      Fact<bool>::unknown(),
                      {},
                      false,
                      {}};
  if (!track.timecode) return facts;
  facts.drop_frame = track.timecode->drop;
  if (track.timecode->time_scale != 0 && track.timecode->frame_duration != 0)
    facts.rate = Rational(track.timecode->time_scale, track.timecode->frame_duration);
  const auto clock = clock_of(track);
  if (!clock) return facts;
  const std::uint64_t count = std::min(sample_count(reader, track), kMaxSamples);
  const auto labels = sample_labels(reader, sample_offsets(reader, track, count));
  if (labels.empty()) return facts;
  facts.start = to_string(clock->label(labels.front()).plus_frames(skipped_labels(track, *clock)));
  find_discontinuities(labels, table(reader, track.stts), *clock, facts);
  return facts;
}

}  // namespace cleangate::probes
