// SPDX-License-Identifier: Apache-2.0
#include "probes/facts/stream_facts.h"

#include <algorithm>
#include <array>

#include "probes/bitstream/format_track.h"
#include "probes/container/language.h"
#include "probes/facts/voices.h"

namespace cleangate::probes {
namespace {

const VideoClaims kSilentVideo;
const AudioClaims kSilentAudio;

// The container's voice: our own parser where it speaks, libav's demuxer otherwise.
template <class T, class Claims>
std::optional<T> container_says(std::optional<T> Claims::*member, const Claims& own,
                                const Claims& demuxer) {
  return own.*member ? own.*member : demuxer.*member;
}

template <class T>
std::optional<T> specified(T own, T demuxer) {
  return own == T::unspecified ? stated(demuxer) : stated(own);
}

bool has_profiles(const std::string& codec) {
  static constexpr std::array<std::string_view, 12> kCodecs{"h264",  "hevc", "mpeg2video", "prores",
                                                            "dnxhd", "vp9",  "av1",        "vc1",
                                                            "mpeg4", "aac",  "jpeg2000",   "vvc"};
  return std::find(kCodecs.begin(), kCodecs.end(), codec) != kCodecs.end();
}

bool has_levels(const std::string& codec) {
  return codec == "h264" || codec == "hevc" || codec == "mpeg2video" || codec == "av1" ||
         codec == "mpeg4";
}

// Facts that a lossy codec does not have stay absent; what a deeper look would tell is unknown.
template <class T>
Fact<T> known_or(std::optional<T> value, bool looked_for) {
  if (value) return Fact<T>(std::move(*value));
  return looked_for ? Fact<T>::unknown() : Fact<T>();
}

class VideoJoin {
 public:
  VideoJoin(const StreamObservation& seen, const TrackFindings* track,
            std::vector<Conflict>& conflicts)
      : seen_(seen),
        own_(track ? track->video : kSilentVideo),
        presented_as_coded_(track && track->presented_as_coded),
        prefix_(fmt::format("streams[{}].", seen.index)),
        conflicts_(conflicts) {}

  // The bitstream outranks the container: it is what a decoder obeys.
  template <class T>
  std::optional<T> pixels(std::string_view field, std::optional<T> VideoClaims::*member) {
    auto said = reconcile<T>(prefix_ + std::string(field),
                             {{"bitstream", seen_.bitstream_video.*member},
                              {"container", container_says(member, own_, seen_.demuxer_video)}},
                             conflicts_);
    return said ? said : seen_.decoder_video.*member;
  }
  // The container outranks the bitstream: it is what a player obeys.
  template <class T>
  std::optional<T> presentation(std::string_view field, std::optional<T> VideoClaims::*member) {
    auto said = reconcile<T>(prefix_ + std::string(field),
                             {{"container", container_says(member, own_, seen_.demuxer_video)},
                              {"bitstream", seen_.bitstream_video.*member}},
                             conflicts_);
    return said ? said : seen_.decoder_video.*member;
  }
  template <class T>
  T color(std::string_view field, T ColorDescription::*member) {
    const auto said = reconcile<T>(
        prefix_ + "color." + std::string(field),
        {{"bitstream", stated(seen_.bitstream_video.color.*member)},
         {"container", specified(own_.color.*member, seen_.demuxer_video.color.*member)}},
        conflicts_);
    return said.value_or(seen_.decoder_video.color.*member);
  }

  [[nodiscard]] VideoFacts facts(Depth depth);
  // Before facts(): changes of the format are told in its words.
  [[nodiscard]] std::optional<std::string> profile() {
    return profile_ = pixels("profile", &VideoClaims::profile);
  }

 private:
  void timing(VideoFacts& video, Depth depth);
  [[nodiscard]] Fact<Hdr> hdr(const ColorDescription& color);
  [[nodiscard]] bool decodes_fields() const;
  void let_container_speak(PictureFormat& format) const;
  void format_changes(const VideoFacts& video);

  const StreamObservation& seen_;
  const VideoClaims& own_;
  const bool presented_as_coded_;
  std::optional<std::string> profile_;
  std::string prefix_;
  std::vector<Conflict>& conflicts_;
};

// HEVC codes the fields of a frame as pictures of their own, and a decoder gives each out by
// itself, half as high as the frame (Rec. ITU-T H.265, field_seq_flag).
bool VideoJoin::decodes_fields() const {
  const auto &frame = seen_.bitstream_video.height, &picture = seen_.decoder_video.height;
  return seen_.codec == "hevc" && frame && picture && *frame == 2 * *picture;
}

void VideoJoin::timing(VideoFacts& video, Depth depth) {
  video.frame_count = Fact<std::int64_t>::unknown();
  video.frame_rate = Fact<Rational>::unknown();
  video.frame_rate_mode = Fact<RateMode>::unknown();
  if (seen_.timing) {
    video.frame_count = seen_.timing->frame_count;
    video.frame_rate = seen_.timing->frame_rate;
    video.frame_rate_mode = seen_.timing->mode;
    video.rate_deviations = seen_.timing->deviations;
  }
  if (!seen_.decoded_frames) return;
  const std::optional<std::int64_t> counted =
      video.frame_count ? std::optional(*video.frame_count) : std::nullopt;
  std::optional<std::int64_t> decoded = seen_.decoded_frames;
  if (decodes_fields()) decoded = (*decoded + 1) / 2;
  const auto frames = reconcile<std::int64_t>(
      prefix_ + "frame_count", {{"decoder", decoded}, {"packets", counted}}, conflicts_);
  if (depth == Depth::decode) video.frame_count = known_or_absent(frames);
}

Fact<Hdr> VideoJoin::hdr(const ColorDescription& color) {
  Hdr found;
  const VideoClaims& bitstream = seen_.bitstream_video;
  const auto container_mastering =
      container_says(&VideoClaims::mastering, own_, seen_.demuxer_video);
  found.mastering = first_of<MasteringDisplay>(
      {bitstream.mastering, container_mastering, seen_.decoder_video.mastering});
  if (bitstream.mastering && container_mastering) {
    MasteringDisplay same = *container_mastering;
    same.carrier = bitstream.mastering->carrier;
    if (same != *bitstream.mastering)
      conflicts_.push_back(
          {prefix_ + "hdr.mastering",
           {{"bitstream", fmt::format("{} to {} x 0.0001 cd/m2", bitstream.mastering->luminance_min,
                                      bitstream.mastering->luminance_max)},
            {"container", fmt::format("{} to {} x 0.0001 cd/m2", container_mastering->luminance_min,
                                      container_mastering->luminance_max)}}});
  }
  const auto light_text = [](const std::optional<ContentLight>& light) {
    return light ? std::optional(fmt::format("{} / {} cd/m2", light->max_cll, light->max_fall))
                 : std::nullopt;
  };
  const auto container_light =
      container_says(&VideoClaims::content_light, own_, seen_.demuxer_video);
  static_cast<void>(reconcile<std::string>(prefix_ + "hdr.content_light",
                                           {{"bitstream", light_text(bitstream.content_light)},
                                            {"container", light_text(container_light)}},
                                           conflicts_));
  found.content_light = first_of<ContentLight>(
      {bitstream.content_light, container_light, seen_.decoder_video.content_light});
  found.dolby_vision = first_of<DolbyVision>(
      {own_.dolby_vision, seen_.demuxer_video.dolby_vision, bitstream.dolby_vision});

  if (bitstream.hdr10plus || seen_.decoder_video.hdr10plus || own_.hdr10plus)
    found.formats.push_back("hdr10plus");
  if (found.dolby_vision) found.formats.push_back("dolby_vision");
  return hdr_under(color.transfer, std::move(found));
}

template <class T>
void fill_in(T& said, T container) {
  if (said == T::unspecified) said = container;
}

// Where a form no longer says what the first one said, the container still does.
void VideoJoin::let_container_speak(PictureFormat& format) const {
  ColorDescription& color = *format.color;
  fill_in(color.primaries, own_.color.primaries);
  fill_in(color.transfer, own_.color.transfer);
  fill_in(color.matrix, own_.color.matrix);
  fill_in(color.range, own_.color.range);
  if (!format.pixel_aspect) format.pixel_aspect = own_.pixel_aspect;
}

// What a change leaves as it was is said as the facts say it, whoever saw the change.
void VideoJoin::format_changes(const VideoFacts& video) {
  if (seen_.picture_formats.empty()) return;
  const PictureFormat& first = seen_.picture_formats.front();
  PictureFormatTrack changes;
  for (const PictureFormat& seen : seen_.picture_formats) {
    PictureFormat format = in_words_of(video, profile_, seen, first);
    if (decodes_fields() && seen.height != first.height) format.height *= 2;
    let_container_speak(format);
    const bool same_size = seen.width == first.width && seen.height == first.height;
    if (!format.pixel_aspect && presented_as_coded_ && same_size) format.pixel_aspect = Rational(1);
    changes.see(format, decodes_fields() ? seen.first_frame / 2 : seen.first_frame);
  }
  if (auto conflict = format_conflict(seen_.index, changes.formats()))
    conflicts_.push_back(std::move(*conflict));
}

VideoFacts VideoJoin::facts(Depth depth) {
  VideoFacts video;
  timing(video, depth);
  video.width = pixels("width", &VideoClaims::width).value_or(0);
  video.height = pixels("height", &VideoClaims::height).value_or(0);
  auto pixel_aspect = presentation("pixel_aspect", &VideoClaims::pixel_aspect);
  if (!pixel_aspect && presented_as_coded_) pixel_aspect = Rational(1);
  video.pixel_aspect = Fact<Rational>::of(pixel_aspect);
  video.display_aspect = Fact<Rational>::unknown();
  if (video.pixel_aspect && video.width > 0 && video.height > 0)
    if (const auto aspect = checked_mul(*video.pixel_aspect, Rational(video.width, video.height)))
      video.display_aspect = *aspect;
  video.rotation = known_or_absent(presentation("rotation", &VideoClaims::rotation));
  video.clean_aperture = known_or_absent(
      first_of<CleanAperture>({own_.clean_aperture, seen_.demuxer_video.clean_aperture}));
  video.afd = known_or_absent(pixels("afd", &VideoClaims::afd));
  video.scan = Fact<Scan>::of(pixels("scan", &VideoClaims::scan));
  const auto order = pixels("field_order", &VideoClaims::field_order);
  if (!video.scan || *video.scan != Scan::progressive)
    video.field_order = Fact<FieldOrder>::of(order);
  video.chroma = Fact<std::string>::of(pixels("chroma", &VideoClaims::chroma));
  video.chroma_siting = known_or_absent(pixels("chroma_siting", &VideoClaims::chroma_siting));
  video.bit_depth = Fact<int>::of(pixels("bit_depth", &VideoClaims::bit_depth));
  video.alpha = known_or_absent(pixels("alpha", &VideoClaims::alpha));
  video.rgb = known_or_absent(pixels("rgb", &VideoClaims::rgb));
  video.color = {color("primaries", &ColorDescription::primaries),
                 color("transfer", &ColorDescription::transfer),
                 color("matrix", &ColorDescription::matrix),
                 color("range", &ColorDescription::range)};
  video.hdr = hdr(video.color);
  video.gop = seen_.gop;
  format_changes(video);
  return video;
}

bool is_lossless_sound(const std::string& codec) {
  static constexpr std::array<std::string_view, 7> kCodecs{"flac", "alac",   "wavpack", "tta",
                                                           "mlp",  "truehd", "s302m"};
  return codec.starts_with("pcm_") ||
         std::find(kCodecs.begin(), kCodecs.end(), codec) != kCodecs.end();
}

AudioFacts audio_facts(const StreamObservation& seen, const TrackFindings* track,
                       std::vector<Conflict>& conflicts) {
  const AudioClaims& own = track ? track->audio : kSilentAudio;
  const std::string prefix = fmt::format("streams[{}].", seen.index);
  const auto join = [&]<class T>(std::string_view field, std::optional<T> AudioClaims::*member) {
    auto said = reconcile<T>(prefix + std::string(field),
                             {{"bitstream", seen.bitstream_audio.*member},
                              {"container", container_says(member, own, seen.demuxer_audio)}},
                             conflicts);
    return said ? said : seen.decoder_audio.*member;
  };
  AudioFacts audio;
  audio.channels = join("channels", &AudioClaims::channels).value_or(0);
  audio.sample_rate = join("sample_rate", &AudioClaims::sample_rate).value_or(0);
  audio.channel_layout = Fact<std::string>::of(
      first_of<std::string>({own.channel_layout, seen.bitstream_audio.channel_layout,
                             seen.demuxer_audio.channel_layout}));
  for (const AudioClaims* voice : {&own, &seen.bitstream_audio, &seen.demuxer_audio})
    if (audio.channel_labels.empty()) audio.channel_labels = voice->channel_labels;
  if (is_lossless_sound(seen.codec))
    audio.bit_depth = Fact<int>::of(join("bit_depth", &AudioClaims::bit_depth));
  audio.sample_count = Fact<std::int64_t>::of(seen.decoded_samples);
  if (seen.trimmed_start) audio.trimmed_start = *seen.trimmed_start;
  if (seen.trimmed_end) audio.trimmed_end = *seen.trimmed_end;
  if (auto conflict = format_conflict(seen.index, seen.sound_formats))
    conflicts.push_back(std::move(*conflict));
  if (seen.embedded_looked_for) audio.embedded = known_or_absent(seen.embedded_audio);
  return audio;
}

void times(StreamFacts& stream, const StreamObservation& seen) {
  stream.start_s = Fact<Rational>::unknown();
  stream.duration_s = Fact<Rational>::unknown();
  const auto seconds = [&](std::int64_t ticks) {
    return checked_mul(Rational(ticks), seen.time_base);
  };
  std::optional<std::int64_t> start = seen.start_ticks;
  std::optional<std::int64_t> length = seen.duration_ticks;
  if (seen.timing && seen.timing->first_pts) {
    start = seen.timing->first_pts;
    std::int64_t difference = 0;
    if (seen.timing->end_pts && !__builtin_sub_overflow(*seen.timing->end_pts, *start, &difference))
      length = difference;
  }
  if (start)
    if (const auto at = seconds(*start)) stream.start_s = *at;
  if (length && *length >= 0)
    if (const auto lasts = seconds(*length)) stream.duration_s = *lasts;
  const AudioFacts* audio = stream.audio();
  if (audio && audio->sample_count && audio->sample_rate > 0)
    stream.duration_s = Rational(*audio->sample_count, audio->sample_rate);
}

}  // namespace

std::optional<std::string> tag_text(std::uint32_t tag) {
  if (tag == 0) return std::nullopt;
  std::string text;
  for (int i = 0; i < 4; ++i) text += static_cast<char>(tag >> (8 * i) & 0xFF);
  const bool printable =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  return printable ? text : fmt::format("0x{:08x}", tag);
}

namespace {

// Where our own parser reads a track's language, what it found absent is absent: libav fills the
// field in (Macintosh code 0 of an MP4 as English).
std::optional<std::string> language_of(const StreamObservation& seen, const TrackFindings* track) {
  if (track && (track->language || track->tells_language)) return track->language;
  return seen.language ? bcp47(*seen.language) : std::nullopt;
}

}  // namespace

StreamFacts stream_facts(const StreamObservation& seen, const TrackFindings* track, Depth depth,
                         std::vector<Conflict>& conflicts) {
  StreamFacts stream;
  stream.index = seen.index;
  stream.kind = seen.kind;
  if (seen.native_id) stream.native_id = fmt::format("{}", *seen.native_id);
  stream.program_id =
      seen.program_id ? seen.program_id : (track ? track->program_id : std::nullopt);
  stream.codec = seen.codec;
  stream.time_base = seen.time_base;
  std::optional<std::string> tag = tag_text(seen.codec_tag), profile, level;
  if (seen.kind == StreamKind::video) {
    VideoJoin join(seen, track, conflicts);
    if (!tag && track) tag = track->video.codec_tag;
    profile = join.profile();
    level = join.pixels("level", &VideoClaims::level);
    stream.media = join.facts(depth);
    stream.level = known_or(level, has_levels(seen.codec));
  }
  if (seen.kind == StreamKind::audio) {
    if (!tag && track) tag = track->audio.codec_tag;
    profile = first_of<std::string>({seen.bitstream_audio.profile,
                                     track ? track->audio.profile : std::nullopt,
                                     seen.demuxer_audio.profile, seen.decoder_audio.profile});
    stream.media = audio_facts(seen, track, conflicts);
  }
  stream.profile = known_or(profile, has_profiles(seen.codec));
  stream.codec_tag = known_or_absent(tag);
  stream.bit_rate = seen.bit_rate;
  stream.language = known_or_absent(language_of(seen, track));
  if (seen.essence_digest) stream.essence_digest = *seen.essence_digest;
  if (seen.essence_hint) stream.essence_hint = *seen.essence_hint;
  times(stream, seen);
  return stream;
}

}  // namespace cleangate::probes
