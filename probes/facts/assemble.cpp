// SPDX-License-Identifier: Apache-2.0
#include "probes/facts/assemble.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "probes/facts/stream_facts.h"
#include "probes/facts/voices.h"

namespace cleangate::probes {
namespace {

bool may_be(const TrackFindings& track, StreamKind kind) {
  return !track.kind || *track.kind == kind;
}

// Where libav gives no ids (Matroska, AVI's first stream, AIFF): by position, or, where it shows
// streams that are no tracks (attachments, cover art) or leaves tracks out, the n-th of its kind,
// when both count the same number of that kind.
const TrackFindings* track_in_order(const StreamObservation& stream,
                                    const AssetObservation& asset) {
  const auto& tracks = asset.container.tracks;
  const auto place = static_cast<std::size_t>(&stream - asset.streams.data());
  if (tracks.size() == asset.streams.size() && may_be(tracks[place], stream.kind))
    return &tracks[place];
  if (stream.kind != StreamKind::video && stream.kind != StreamKind::audio &&
      stream.kind != StreamKind::captions)
    return nullptr;
  std::vector<const TrackFindings*> same;
  for (const TrackFindings& track : tracks)
    if (track.kind == stream.kind) same.push_back(&track);
  const auto of_kind = [&](const StreamObservation& other) { return other.kind == stream.kind; };
  const auto count = std::count_if(asset.streams.begin(), asset.streams.end(), of_kind);
  const auto before = std::count_if(asset.streams.data(), &stream, of_kind);
  return static_cast<std::size_t>(count) == same.size() ? same[static_cast<std::size_t>(before)]
                                                        : nullptr;
}

// What our own parser found for a stream: by its native id, else by order.
const TrackFindings* track_of(const StreamObservation& stream, const AssetObservation& asset) {
  const auto& tracks = asset.container.tracks;
  if (stream.native_id) {
    const auto same = std::find_if(tracks.begin(), tracks.end(), [&](const TrackFindings& t) {
      return t.native_id == *stream.native_id;
    });
    return same != tracks.end() ? &*same : nullptr;
  }
  return track_in_order(stream, asset);
}

std::optional<int> stream_of_native(std::optional<int> native_id, const AssetObservation& asset) {
  if (!native_id) return std::nullopt;
  for (const StreamObservation& stream : asset.streams) {
    if (stream.native_id == std::optional<std::int64_t>(*native_id)) return stream.index;
    const TrackFindings* track = stream.native_id ? nullptr : track_of(stream, asset);
    if (track && track->native_id == *native_id) return stream.index;
  }
  return std::nullopt;
}

// libav's list of names of one demuxer, said in the contract's words.
std::string format_of(const AssetObservation& asset) {
  if (!asset.container.format.empty()) return asset.container.format;
  const std::string& names = asset.demuxer_format;
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> kWords{
      {{"mov,mp4,m4a,3gp,3g2,mj2", "mov"},
       {"matroska,webm", "matroska"},
       {"mpeg", "mpegps"},
       {"mxf_opatom", "mxf"},
       {"w64", "wav"},
       {"asf", "asf"}}};
  for (const auto& [libav, ours] : kWords)
    if (names == libav) return std::string(ours);
  return names.substr(0, names.find(','));
}

struct CaptionCodec {
  std::string_view codec, standard;
};
constexpr CaptionCodec kCaptionCodecs[] = {{"subrip", "srt"},
                                           {"srt", "srt"},
                                           {"webvtt", "webvtt"},
                                           {"ttml", "ttml"},
                                           {"mov_text", "mov_text"},
                                           {"ass", "ass"},
                                           {"dvb_subtitle", "dvb_subtitle"},
                                           {"dvb_teletext", "teletext"},
                                           {"hdmv_pgs_subtitle", "pgs"},
                                           {"eia_608", "cea608"},
                                           {"dvd_subtitle", "dvd_subtitle"},
                                           {"stl", "ebu_stl"}};

std::vector<CaptionFacts> all_captions(const AssetObservation& asset) {
  std::vector<CaptionFacts> captions;
  for (CaptionFacts found : asset.container.captions) {
    found.stream = stream_of_native(found.stream, asset);
    captions.push_back(std::move(found));
  }
  for (const StreamObservation& stream : asset.streams) {
    captions.insert(captions.end(), stream.captions.begin(), stream.captions.end());
    const bool told = std::any_of(captions.begin(), captions.end(), [&](const CaptionFacts& c) {
      return c.stream == std::optional(stream.index);
    });
    if (stream.kind != StreamKind::captions || told) continue;
    CaptionFacts carried;
    carried.carriage = "stream";
    carried.stream = stream.index;
    for (const CaptionCodec& known : kCaptionCodecs)
      if (known.codec == stream.codec) carried.standards.emplace_back(known.standard);
    if (carried.standards.empty()) carried.standards.push_back(stream.codec);
    captions.push_back(std::move(carried));
  }
  return captions;
}

struct TimecodeRank {
  TimecodeSource source;
  std::string_view because;
};
// Who is believed first. The material package and the timecode track are what edit systems read and
// relabel; the essence's own labels are what a camera or encoder left behind.
constexpr TimecodeRank kTimecodeRanks[] = {
    {TimecodeSource::material_package, "the material package is what an MXF player shows"},
    {TimecodeSource::tmcd, "the timecode track is what a MOV player shows"},
    {TimecodeSource::file_package, "there is no material package timecode"},
    {TimecodeSource::system_item, "the container states none"},
    {TimecodeSource::sei, "the container states none"},
    {TimecodeSource::gop, "the container states none"},
    {TimecodeSource::bext, "there is no other timecode"}};

std::vector<TimecodeFacts> all_timecodes(const AssetObservation& asset) {
  std::vector<TimecodeFacts> timecodes;
  for (TimecodeFacts found : asset.container.timecodes) {
    found.stream = stream_of_native(found.stream, asset);
    timecodes.push_back(std::move(found));
  }
  for (const StreamObservation& stream : asset.streams)
    timecodes.insert(timecodes.end(), stream.timecodes.begin(), stream.timecodes.end());
  for (TimecodeFacts& timecode : timecodes) timecode.primary = false;
  for (const TimecodeRank& rank : kTimecodeRanks)
    for (TimecodeFacts& timecode : timecodes)
      if (timecode.source == rank.source && timecode.start) {
        timecode.primary = true;
        timecode.primary_because = rank.because;
        return timecodes;
      }
  return timecodes;
}

void timecode_conflict(const std::vector<TimecodeFacts>& timecodes,
                       std::vector<Conflict>& conflicts) {
  Conflict conflict{"timecodes.start", {}};
  std::string first;
  bool differ = false;
  for (const TimecodeFacts& timecode : timecodes) {
    if (!timecode.start || timecode.source == TimecodeSource::bext) continue;
    if (first.empty()) first = *timecode.start;
    differ = differ || *timecode.start != first;
    conflict.values.push_back({std::string(to_string(timecode.source)), *timecode.start});
  }
  if (differ) conflicts.push_back(std::move(conflict));
}

// Zero is the earliest presented instant of picture and sound; every stream keeps its exact offset
// to it.
void onto_timeline(AssetFacts& facts) {
  std::optional<Rational> zero;
  for (const StreamFacts& stream : facts.streams)
    if ((stream.video() || stream.audio()) && stream.start_s && (!zero || *stream.start_s < *zero))
      zero = *stream.start_s;
  if (!zero) return;
  for (StreamFacts& stream : facts.streams) {
    if (!stream.start_s) continue;
    const auto moved = checked_sub(*stream.start_s, *zero);
    stream.start_s = moved ? Fact<Rational>(*moved) : Fact<Rational>::unknown();
  }
}

void container_times(AssetFacts& facts, const AssetObservation& asset) {
  facts.container.duration_s = Fact<Rational>::unknown();
  facts.container.bit_rate = Fact<std::int64_t>::unknown();
  std::optional<Rational> end;
  for (const StreamFacts& stream : facts.streams) {
    if ((!stream.video() && !stream.audio()) || !stream.start_s || !stream.duration_s) continue;
    const auto until = checked_add(*stream.start_s, *stream.duration_s);
    if (until && (!end || *until > *end)) end = *until;
  }
  if (!end) end = asset.demuxer_duration_s;
  if (!end) return;
  facts.container.duration_s = *end;
  if (*end <= Rational(0) || facts.bytes > static_cast<std::uint64_t>(INT64_MAX / 8)) return;
  const auto rate = checked_div(Rational(static_cast<std::int64_t>(facts.bytes) * 8), *end);
  if (rate) facts.container.bit_rate = rate->round();
}

// Sound whose packets span more time than its samples fill has a hole: rows follow the samples, so
// that nothing measured after it stands where it belongs. Two tenths of a second are beyond what
// priming, padding and rounded packet times can amount to; less is a hole where whole packets are
// missing and the samples with them, be it a single one.
void sound_holes(AssetFacts& facts, const AssetObservation& asset) {
  static const Rational kLeast(1, 5);
  for (std::size_t i = 0; i < asset.streams.size(); ++i) {
    const StreamObservation& seen = asset.streams[i];
    const AudioFacts* audio = facts.streams[i].audio();
    if (!audio || !seen.decoded_samples || !seen.timing || audio->sample_rate <= 0) continue;
    if (!seen.timing->first_pts || !seen.timing->end_pts || seen.timing->missing_pts) continue;
    const auto ticks =
        checked_sub(Rational(*seen.timing->end_pts), Rational(*seen.timing->first_pts));
    const auto spanned = ticks ? checked_mul(*ticks, seen.time_base) : ticks;
    if (!spanned) continue;
    const auto missing =
        checked_sub(*spanned, Rational(*seen.decoded_samples + seen.trimmed_start.value_or(0) +
                                           seen.trimmed_end.value_or(0),
                                       audio->sample_rate));
    const auto gap = checked_mul(Rational(seen.timing->gap_ticks), seen.time_base);
    const bool lost_packets = missing && gap && *gap > Rational(0) && *missing > *gap / Rational(2);
    // The last frame may be cut short, and those of some codecs last a second.
    const auto last = checked_mul(Rational(seen.timing->last_ticks), seen.time_base);
    const auto least = last ? checked_add(kLeast, *last) : last;
    if (!missing || !least || (*missing < *least && !lost_packets)) continue;
    facts.streams[i].duration_s = *spanned;
    std::string why;
    if (seen.timing->dropped > 0)
      why = fmt::format(", and {} of them begin no later than the one before: players drop those",
                        seen.timing->dropped);
    facts.container_damage.push_back(
        {seen.index, std::nullopt,
         fmt::format("The sound of stream {} lacks {} s: its packets span {} s{}.", seen.index,
                     to_fixed(*missing, 2), to_fixed(*spanned, 2), why)});
  }
}

// Ticks that a stream's pictures fill, of `frame` each. An MXF has a picture in every edit unit:
// where an index table gives them times, and those jump, the pictures between are not there, and
// the times of the others do not tell how many there are.
Expected<Rational> pictures_there(const StreamObservation& seen, std::string_view format,
                                  const Rational& shown, const Rational& frame) {
  const PacketIndex::Timing& timing = *seen.timing;
  const bool jumps = timing.mode.is_known() && *timing.mode == RateMode::variable;
  if (format == "mxf" && jumps && timing.frame_count.is_known())
    return checked_mul(Rational(*timing.frame_count), frame);
  const auto decoded = checked_add(Rational(timing.decoding_ticks.value_or(0)), frame);
  return decoded ? std::max(shown, *decoded) : shown;
}

// MXF and AVI count the pictures in their tables and give none of them a time: where an element is
// overwritten, whoever reads on finds the next one and never knows. What is shorter than the tables
// say, by a picture or more, lacks pictures, and all that follow the gap stand too early.
void lost_pictures(AssetFacts& facts, const AssetObservation& asset) {
  if (facts.container.format != "mxf" && facts.container.format != "avi") return;
  for (std::size_t i = 0; i < asset.streams.size(); ++i) {
    const StreamObservation& seen = asset.streams[i];
    const VideoFacts* video = facts.streams[i].video();
    if (!video || !seen.duration_ticks || !seen.timing || !video->frame_rate.is_known()) continue;
    if (!seen.timing->first_pts || !seen.timing->end_pts || *video->frame_rate <= Rational(0))
      continue;
    // Chunks of AVI that hold nothing (dropped pictures, the delay of B pictures) are no loss.
    const auto shown =
        checked_sub(Rational(*seen.timing->end_pts), Rational(*seen.timing->first_pts));
    const auto rate = checked_mul(*video->frame_rate, seen.time_base);
    const auto frame = rate ? checked_div(Rational(1), *rate) : rate;
    if (!shown || !frame) continue;
    const auto there = pictures_there(seen, facts.container.format, *shown, *frame);
    const auto missing = there ? checked_sub(Rational(*seen.duration_ticks), *there) : there;
    const auto seconds = missing ? checked_mul(*missing, seen.time_base) : missing;
    const auto frames = seconds ? checked_mul(*seconds, *video->frame_rate) : seconds;
    if (!frames || *frames < Rational(1)) continue;
    facts.container_damage.push_back(
        {seen.index, std::nullopt,
         fmt::format("Stream {} lacks {} of the pictures that the container states.", seen.index,
                     frames->floor())});
  }
}

// Sound files whose header states how long they are, and whose packets carry no time.
void lost_sound(AssetFacts& facts, const AssetObservation& asset) {
  static constexpr std::string_view kStating[] = {"wv", "au"};
  static const Rational kLeast(1, 5);
  if (std::ranges::find(kStating, facts.container.format) == std::end(kStating)) return;
  for (const StreamObservation& seen : asset.streams) {
    if (seen.kind != StreamKind::audio || !seen.duration_ticks || !seen.timing) continue;
    if (!seen.timing->first_pts || !seen.timing->end_pts) continue;
    const auto spanned =
        checked_sub(Rational(*seen.timing->end_pts), Rational(*seen.timing->first_pts));
    const auto missing = spanned ? checked_sub(Rational(*seen.duration_ticks), *spanned) : spanned;
    const auto seconds = missing ? checked_mul(*missing, seen.time_base) : missing;
    if (!seconds || *seconds < kLeast) continue;
    facts.container_damage.push_back(
        {seen.index, std::nullopt,
         fmt::format("The sound of stream {} is {} s shorter than the file states.", seen.index,
                     to_fixed(*seconds, 2))});
  }
}

// Pictures whose times begin again (files put behind one another): how long they last, and where
// each of them stands, nobody knows.
void picture_restarts(AssetFacts& facts, const AssetObservation& asset) {
  for (const StreamObservation& seen : asset.streams)
    if (seen.kind == StreamKind::video && seen.timing && seen.timing->restart)
      facts.container_damage.push_back(
          {seen.index, std::nullopt,
           fmt::format("The times of stream {} begin again at its packet {}: what lies before and "
                       "behind cannot be told apart.",
                       seen.index, *seen.timing->restart)});
}

}  // namespace

AssetFacts assemble(const AssetObservation& asset) {
  AssetFacts facts;
  facts.depth = asset.depth;
  facts.bytes = asset.bytes;
  facts.content_id = Fact<Sha256>::of(asset.content_id);
  facts.digests = asset.digests;
  facts.container.format = format_of(asset);
  facts.container.brand = asset.container.brand;
  facts.container.operational_pattern = asset.container.operational_pattern;
  facts.container.fast_start = asset.container.fast_start;
  facts.container.edit_lists = asset.container.edit_lists;
  facts.container_damage = asset.container.damage;
  facts.container_damage.insert(facts.container_damage.end(), asset.damage.begin(),
                                asset.damage.end());

  std::vector<std::pair<int, McaGroup>> mca;
  for (const StreamObservation& stream : asset.streams) {
    const TrackFindings* track = track_of(stream, asset);
    facts.streams.push_back(stream_facts(stream, track, asset.depth, facts.conflicts));
    if (track)
      for (const McaGroup& label : track->mca) mca.emplace_back(stream.index, label);
  }
  sound_holes(facts, asset);
  picture_restarts(facts, asset);
  lost_pictures(facts, asset);
  lost_sound(facts, asset);
  onto_timeline(facts);
  container_times(facts, asset);
  facts.soundfields = group_soundfields(facts.streams, mca);
  facts.timecodes = all_timecodes(asset);
  timecode_conflict(facts.timecodes, facts.conflicts);
  const auto primary = std::find_if(facts.timecodes.begin(), facts.timecodes.end(),
                                    [](const TimecodeFacts& t) { return t.primary; });
  if (primary != facts.timecodes.end()) facts.container.start_timecode = *primary->start;
  facts.captions = all_captions(asset);
  facts.decode = asset.decode;
  return facts;
}

}  // namespace cleangate::probes
