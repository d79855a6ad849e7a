// SPDX-License-Identifier: Apache-2.0
#include "dam/series_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "dam/files.h"
#include "probes/picture/frame_time_row.h"

namespace cleangate::dam {
namespace {

using probes::AssetFacts;
using probes::StreamFacts;

const StreamFacts* find_stream(const AssetFacts& facts, int index) {
  const auto found = std::find_if(facts.streams.begin(), facts.streams.end(),
                                  [&](const StreamFacts& stream) { return stream.index == index; });
  return found == facts.streams.end() ? nullptr : &*found;
}

// Samples that are presented: as counted, else as the container's duration has them.
std::optional<std::int64_t> presented_samples(const StreamFacts& stream) {
  const probes::AudioFacts& audio = *stream.audio();
  if (audio.sample_count) return *audio.sample_count;
  if (!stream.duration_s || audio.sample_rate <= 0) return std::nullopt;
  const auto samples = checked_mul(*stream.duration_s, Rational(audio.sample_rate));
  return samples ? std::optional(samples->round()) : std::nullopt;
}

std::optional<Sha256> sound_owner(const StreamFacts& stream) {
  const auto samples = presented_samples(stream);
  if (!stream.essence_digest || !samples) return std::nullopt;
  return sha256_of(
      fmt::format("cleangate sound 1\n{}\n{}", to_hex(*stream.essence_digest), *samples));
}

// What every frame's time follows from, up to a shift of all.
std::optional<std::string> regular_timing(const AssetFacts& facts, const StreamFacts& stream) {
  const probes::VideoFacts& video = *stream.video();
  const bool regular = video.frame_rate_mode && video.frame_rate && video.frame_count &&
                       *video.frame_rate_mode == probes::RateMode::constant &&
                       video.rate_deviations.empty() && stream.essence_digest;
  const bool edited = facts.container.edit_lists && *facts.container.edit_lists;
  if (!regular || edited) return std::nullopt;
  return fmt::format("{} {} {}", to_string(*video.frame_rate), to_string(stream.time_base),
                     *video.frame_count);
}

std::optional<Sha256> frame_time_owner(const AssetFacts& facts, const StreamFacts& stream) {
  if (const auto timing = regular_timing(facts, stream))
    return sha256_of(
        fmt::format("cleangate frame times 1\n{}\n{}", to_hex(*stream.essence_digest), *timing));
  if (!facts.content_id) return std::nullopt;
  return sha256_of(
      fmt::format("cleangate stream 1\n{}\n{}", to_hex(*facts.content_id), stream.index));
}

struct Epoch {
  std::string_view codec;
  int epoch;
};
// Codecs whose decoder has changed what it gives since our first release.
constexpr std::array<Epoch, 0> kEpochs{};

}  // namespace

std::optional<Sha256> series_owner(const AssetFacts& facts, int stream, std::string_view row) {
  const StreamFacts* found = find_stream(facts, stream);
  if (!found) return std::nullopt;
  if (row == probes::FrameTimeRow::kType.name)
    return found->video() ? frame_time_owner(facts, *found) : std::nullopt;
  if (found->audio()) return sound_owner(*found);
  if (!found->essence_digest) return std::nullopt;
  return *found->essence_digest;
}

std::vector<Sha256> series_owners(const AssetFacts& facts) {
  std::vector<Sha256> owners;
  const auto add = [&](const std::optional<Sha256>& owner) {
    if (owner && std::find(owners.begin(), owners.end(), *owner) == owners.end())
      owners.push_back(*owner);
  };
  for (const StreamFacts& stream : facts.streams) {
    add(series_owner(facts, stream.index, ""));  // any row but the frame times
    if (stream.video()) add(series_owner(facts, stream.index, probes::FrameTimeRow::kType.name));
  }
  return owners;
}

std::optional<SeriesKey> series_key(const AssetFacts& facts, const probes::SeriesId& id) {
  const StreamFacts* stream = find_stream(facts, id.stream);
  const auto owner = series_owner(facts, id.stream, id.row);
  if (!stream || !owner) return std::nullopt;
  SeriesKey key{*owner,
                id.channel,
                {},
                -1,
                {},
                id.row,
                id.version,
                id.parameters,
                codec_epoch(stream->codec)};
  if (id.other_stream < 0) return key;
  const StreamFacts* other = find_stream(facts, id.other_stream);
  key.other_owner = series_owner(facts, id.other_stream, id.row);
  key.other_channel = id.other_channel;
  if (!other || !key.other_owner) return std::nullopt;
  if (id.other_stream == id.stream) {
    key.pair_offset = "0/1";
    return key;
  }
  if (!stream->start_s || !other->start_s) return std::nullopt;
  const auto offset = checked_sub(*other->start_s, *stream->start_s);
  if (!offset) return std::nullopt;
  key.pair_offset = to_string(*offset);
  return key;
}

int codec_epoch(std::string_view codec) {
  for (const Epoch& known : kEpochs)
    if (known.codec == codec) return known.epoch;
  return 1;
}

}  // namespace cleangate::dam
