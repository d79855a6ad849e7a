// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/rewrap.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "dam/known.h"
#include "dam/series_lookup.h"
#include "dam/stored_evidence.h"
#include "probes/facts/format_changes.h"
#include "probes/picture/frame_time_row.h"
#include "probes/request.h"

namespace cleangate::run {
namespace {

using probes::AssetFacts;
using probes::FrameTimeRow;
using probes::StreamFacts;
using probes::StreamKind;

bool has_essence(const StreamFacts& stream) {
  return stream.kind == StreamKind::video || stream.kind == StreamKind::audio;
}

// Stream of `facts` -> the stream of `known` with the same essence; empty when one has none.
std::map<int, int> partners(const AssetFacts& facts, const AssetFacts& known) {
  std::map<int, int> found;
  std::set<int> taken;
  for (const StreamFacts& stream : facts.streams) {
    if (!has_essence(stream)) continue;
    const auto partner =
        std::find_if(known.streams.begin(), known.streams.end(), [&](const StreamFacts& other) {
          return has_essence(other) && stream.essence_digest && other.essence_digest &&
                 *stream.essence_digest == *other.essence_digest && !taken.contains(other.index);
        });
    if (partner == known.streams.end()) return {};
    taken.insert(partner->index);
    found[stream.index] = partner->index;
  }
  return found;
}

const StreamFacts& stream_of(const AssetFacts& facts, int index) {
  return *std::find_if(facts.streams.begin(), facts.streams.end(),
                       [index](const StreamFacts& stream) { return stream.index == index; });
}

template <class T>
void complete(Fact<T>& fact, const Fact<T>& known) {
  if (!fact.is_known() && known.is_known()) fact = known;
}

// Whether the packets of sound span more time than they hold (a hole: rows would stand in the wrong
// place); the same bound as that of a decode.
bool has_hole(const StreamFacts& stream) {
  static const Rational kLeast(1, 5);
  const probes::AudioFacts& audio = *stream.audio();
  if (!stream.duration_s || !audio.sample_count || audio.sample_rate <= 0) return false;
  const std::int64_t held =
      *audio.sample_count + audio.trimmed_start.value_or(0) + audio.trimmed_end.value_or(0);
  const auto missing = checked_sub(*stream.duration_s, Rational(held, audio.sample_rate));
  return missing && *missing >= kLeast;
}

// What a decoder tells and a wrapper does not change; false when this wrapper presents other sound.
[[nodiscard]] bool complete(StreamFacts& stream, const StreamFacts& known) {
  complete(stream.profile, known.profile);
  complete(stream.level, known.level);
  if (auto* video = stream.video(); video && known.video()) {
    const probes::VideoFacts& other = *known.video();
    complete(video->scan, other.scan);
    complete(video->field_order, other.field_order);
    complete(video->chroma, other.chroma);
    complete(video->chroma_siting, other.chroma_siting);
    complete(video->bit_depth, other.bit_depth);
    complete(video->alpha, other.alpha);
    complete(video->rgb, other.rgb);
    complete(video->hdr, other.hdr);
    if (stream.duration_s == known.duration_s) complete(video->frame_count, other.frame_count);
  }
  if (auto* audio = stream.audio(); audio && known.audio()) {
    const probes::AudioFacts& other = *known.audio();
    if (audio->channels == 0) audio->channels = other.channels;
    if (audio->sample_rate == 0) audio->sample_rate = other.sample_rate;
    complete(audio->channel_layout, other.channel_layout);
    complete(audio->bit_depth, other.bit_depth);
    // Decoded samples told, and soundfields rest on it.
    if (audio->embedded != other.embedded) return false;
    // The same packets, and as much dropped of what they decode to: the same samples.
    if (audio->trimmed_start != other.trimmed_start || audio->trimmed_end != other.trimmed_end)
      return false;
    complete(audio->sample_count, other.sample_count);
    if (has_hole(stream)) return false;
    if (audio->sample_count && audio->sample_rate > 0)
      stream.duration_s = Rational(*audio->sample_count, audio->sample_rate);
  }
  return true;
}

// As long as what is presented; what a decode makes of the same streams.
void set_duration(AssetFacts& facts) {
  std::optional<Rational> end;
  for (const StreamFacts& stream : facts.streams) {
    if (!has_essence(stream) || !stream.start_s || !stream.duration_s) continue;
    const auto until = checked_add(*stream.start_s, *stream.duration_s);
    if (until && (!end || *until > *end)) end = *until;
  }
  if (!end || *end <= Rational(0)) return;
  facts.container.duration_s = *end;
  const auto rate = checked_div(Rational(static_cast<std::int64_t>(facts.bytes) * 8), *end);
  if (rate) facts.container.bit_rate = rate->round();
}

probes::DecodeFacts moved(probes::DecodeFacts decode, const std::map<int, int>& partners) {
  std::map<int, int> back;
  for (const auto& [ours, theirs] : partners) back[theirs] = ours;
  for (probes::Damage& error : decode.errors)
    if (const auto found = back.find(error.stream); found != back.end())
      error.stream = found->second;
  return decode;
}

// Which channels belong together, where people stated it of the same essence.
void keep_statement(AssetFacts& facts, const AssetFacts& other,
                    const std::map<int, int>& partners) {
  std::map<int, int> back;
  for (const auto& [ours, theirs] : partners) back[theirs] = ours;
  std::vector<probes::Soundfield> stated = other.soundfields;
  for (probes::Soundfield& field : stated) {
    if (field.grouping != probes::Grouping::user) return;
    for (probes::SoundfieldChannel& channel : field.channels) {
      const auto found = back.find(channel.stream);
      if (found == back.end()) return;
      channel.stream = found->second;
    }
  }
  if (!stated.empty()) facts.soundfields = std::move(stated);
}

// Changes of format that a decoder saw and the packets do not tell.
void keep_formats(AssetFacts& facts, const AssetFacts& other, const std::map<int, int>& partners) {
  for (const auto& [ours, theirs] : partners) {
    const StreamFacts& stream = stream_of(facts, ours);
    std::optional<probes::Conflict> change;
    if (stream.video() && probes::picture_formats(facts, ours).empty()) {
      const auto profile = stream.profile ? std::optional(*stream.profile) : std::nullopt;
      auto formats = probes::picture_formats(other, theirs);
      const auto first = formats.empty() ? probes::PictureFormat{} : formats.front();
      for (probes::PictureFormat& format : formats)
        format = probes::in_words_of(*stream.video(), profile, format, first);
      change = probes::format_conflict(ours, formats);
    } else if (stream.audio() && probes::sound_formats(facts, ours).empty()) {
      change = probes::format_conflict(ours, probes::sound_formats(other, theirs));
    }
    if (change) facts.conflicts.push_back(std::move(*change));
  }
}

// Every series that a decode of this asset could have left, in every version.
std::vector<probes::SeriesId> series_of(const AssetFacts& facts) {
  std::vector<probes::SeriesId> ids;
  for (const StreamFacts& stream : facts.streams)
    for (const probes::RowType* type : probes::row_types()) {
      const bool picture = type->clock == probes::RowClock::frame;
      if (picture && stream.kind == StreamKind::video)
        ids.push_back({stream.index, -1, -1, -1, std::string(type->name), type->version, ""});
      if (!picture && stream.audio())
        for (int channel = 0; channel < stream.audio()->channels; ++channel)
          ids.push_back(
              {stream.index, channel, -1, -1, std::string(type->name), type->version, ""});
    }
  return ids;
}

// Frame times of this wrapper with what decoding told of each frame in the other; nothing where the
// frames are not the same.
std::optional<std::vector<FrameTimeRow>> frame_times(const specs::Evidence& pass,
                                                     probes::SeriesId ours,
                                                     const specs::Evidence& stored,
                                                     const probes::SeriesId& theirs) {
  constexpr std::uint32_t kOfWrapper = FrameTimeRow::kUnpresented | FrameTimeRow::kNoPts;
  ours.parameters = probes::kPacketTimes;
  const auto pts = specs::read_column(pass, ours, "pts");
  const auto duration = specs::read_column(pass, ours, "duration");
  const auto flags = specs::read_column(pass, ours, "flags");
  const auto decoded = specs::read_column(stored, theirs, "flags");
  const auto geometry = specs::read_column(stored, theirs, "geometry");
  if (!pts || !duration || !flags || !decoded || !geometry || pts->size() != decoded->size())
    return std::nullopt;
  std::vector<FrameTimeRow> rows(pts->size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto here = static_cast<std::uint32_t>((*flags)[i]);
    const auto there = static_cast<std::uint32_t>((*decoded)[i]);
    if ((here ^ there) & FrameTimeRow::kKey) return std::nullopt;
    rows[i].pts = (*pts)[i];
    rows[i].duration = (*duration)[i];
    rows[i].flags = (there & ~kOfWrapper) | (here & kOfWrapper);
    rows[i].geometry = static_cast<std::uint32_t>((*geometry)[i]);
  }
  return rows;
}

}  // namespace

Expected<std::unique_ptr<dam::MemoryEvidence>> adopt(Catalogs& catalogs, const std::string& path,
                                                     const specs::Evidence& pass,
                                                     dam::AssetNumber known) {
  const auto stored = catalogs.with(
      [known](dam::Catalog& catalog) { return dam::StoredEvidence::load(catalog, known); });
  if (!stored) return tl::unexpected(stored.error());
  const AssetFacts& other = (*stored)->facts();
  const auto partner = partners(pass.facts(), other);
  if (partner.empty() || other.depth != probes::Depth::decode || !other.decode ||
      (*stored)->status() != probes::Status::measured)
    return nullptr;

  AssetFacts whole = pass.facts();
  for (StreamFacts& stream : whole.streams)
    if (const auto found = partner.find(stream.index); found != partner.end())
      if (!complete(stream, stream_of(other, found->second))) return nullptr;
  set_duration(whole);
  keep_statement(whole, other, partner);
  keep_formats(whole, other, partner);
  whole.depth = probes::Depth::decode;
  whole.decode = moved(*other.decode, partner);

  auto evidence = std::make_unique<dam::MemoryEvidence>(path);
  evidence->header(whole);
  for (const probes::SeriesId& id : series_of(whole)) {
    probes::SeriesId theirs = id;
    theirs.stream = partner.at(id.stream);
    const specs::ColumnReader* there = (*stored)->rows(theirs);
    if (!there) continue;  // not measured there either
    if (id.row == FrameTimeRow::kType.name) {
      if (id.version != FrameTimeRow::kType.version) continue;  // made anew
      const auto rows = frame_times(pass, id, **stored, theirs);
      if (!rows) return nullptr;
      evidence->rows(id, std::as_bytes(std::span(*rows)));
      continue;
    }
    if (there->type().version != id.version) continue;  // an older version that stands in
    auto series = catalogs.with(
        [&](dam::Catalog& catalog) { return dam::stored_series(catalog, whole, id); });
    if (!series) return tl::unexpected(series.error());
    if (!*series) return nullptr;
    evidence->adopt(id, std::move(*series));
  }
  evidence->facts(whole);
  evidence->set_status(probes::Status::measured);
  return evidence;
}

Expected<std::unique_ptr<dam::MemoryEvidence>> restate(Catalogs& catalogs, const std::string& path,
                                                       const AssetFacts& facts) {
  auto evidence = std::make_unique<dam::MemoryEvidence>(path);
  evidence->header(facts);
  for (const probes::SeriesId& id : series_of(facts)) {
    auto series = catalogs.with(
        [&](dam::Catalog& catalog) { return dam::stored_series(catalog, facts, id); });
    if (!series) return tl::unexpected(series.error());
    if (*series) evidence->adopt(id, std::move(*series));
  }
  evidence->facts(facts);
  return evidence;
}

}  // namespace cleangate::run
