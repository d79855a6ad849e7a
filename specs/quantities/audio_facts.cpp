// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/fact_reading.h"

#include <algorithm>

namespace cleangate::specs {

using namespace facts;

namespace {

// Audio channels in all streams; every stream must have a stated number.
Answer channels_in_all(const Evidence& evidence) {
  std::int64_t all = 0;
  for (const probes::StreamFacts& stream : evidence.facts().streams) {
    const auto* audio = stream.audio();
    if (!audio) continue;
    if (audio->channels <= 0) return not_known(evidence);
    all += audio->channels;
  }
  return number(all);
}

template <class Ask>
std::vector<Reading> each_soundfield(const Evidence& evidence, Ask ask) {
  std::vector<Reading> readings;
  for (const probes::Soundfield& field : evidence.facts().soundfields)
    readings.push_back({{SubjectKind::soundfield, field.id}, ask(field), {}, {}});
  return readings;
}

Answer soundfields_in_all(const Evidence& evidence) {
  const auto& fields = evidence.facts().soundfields;
  const bool assumed = std::any_of(fields.begin(), fields.end(), [](const auto& field) {
    return field.grouping == probes::Grouping::assumed;
  });
  if (assumed)
    return Absent{AbsenceKind::not_measured,
                  "Which channels form soundfields is assumed; name them with --soundfields."};
  return number(static_cast<std::int64_t>(fields.size()));
}

Answer embedded(const Evidence& evidence, const probes::AudioFacts& audio) {
  if (audio.embedded.is_absent() && evidence.facts().depth == probes::Depth::header)
    return not_known(evidence);
  return of(evidence, audio.embedded, kAsText, "The samples are plain sound.");
}

}  // namespace

extern constinit const Quantity kAudioStreamCount{
    "audio.stream_count",
    1,
    ValueKind::number,
    Unit::count,
    SubjectKind::file,
    {},
    {},
    {},
    "number of audio streams",
    "Audio streams in the file.",
    "the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(
          number(std::count_if(evidence.facts().streams.begin(), evidence.facts().streams.end(),
                               [](const auto& stream) { return stream.audio() != nullptr; })));
    },
    Missing::raises};

extern constinit const Quantity kAudioChannelCount{
    "audio.channel_count",
    1,
    ValueKind::number,
    Unit::count,
    SubjectKind::file,
    {},
    {},
    {},
    "number of audio channels in all",
    "Channels of all audio streams together.",
    "the container and the bitstream",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(channels_in_all(evidence));
    },
    Missing::raises};

extern constinit const Quantity kAudioCodec{
    "audio.codec",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::audio_stream,
    {},
    {},
    {},
    "audio codec",
    "The codec as libav names it: pcm_s24le, aac, ac3 and others.",
    "the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_audio(evidence,
                        [&]([[maybe_unused]] const probes::StreamFacts& stream,
                            [[maybe_unused]] const probes::AudioFacts& audio) -> Answer {
                          return stream.codec.empty() ? not_known(evidence) : text(stream.codec);
                        });
    },
    Missing::nothing};

extern constinit const Quantity kAudioProfile{
    "audio.profile",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::audio_stream,
    {},
    {},
    {},
    "audio codec profile",
    "Profile by its real name: LC, HE-AAC.",
    "the codec's own standard",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_audio(evidence,
                        [&]([[maybe_unused]] const probes::StreamFacts& stream,
                            [[maybe_unused]] const probes::AudioFacts& audio) -> Answer {
                          return of(evidence, stream.profile, kAsText,
                                    "The codec has no profiles.");
                        });
    },
    Missing::nothing};

extern constinit const Quantity kAudioCodecTag{
    "audio.codec_tag",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::audio_stream,
    {},
    {},
    {},
    "audio codec tag",
    "Four-character code, or 0x and eight hex digits.",
    "the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_audio(evidence,
                        [&]([[maybe_unused]] const probes::StreamFacts& stream,
                            [[maybe_unused]] const probes::AudioFacts& audio) -> Answer {
                          return of(evidence, stream.codec_tag, kAsText,
                                    "The container has no codec tags.");
                        });
    },
    Missing::nothing};

extern constinit const Quantity kAudioChannels{
    "audio.channels",
    1,
    ValueKind::number,
    Unit::count,
    SubjectKind::audio_stream,
    {},
    {},
    {},
    "number of channels",
    "Channels of the stream.",
    "the bitstream, else the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_sound_format(evidence,
                               [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                   [[maybe_unused]] const probes::AudioFacts& audio) -> Answer {
                                 return positive(evidence, audio.channels);
                               });
    },
    Missing::nothing};

extern constinit const Quantity kAudioChannelLayout{
    "audio.channel_layout",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::audio_stream,
    {},
    {},
    {},
    "channel layout",
    "Layout as stated: mono, stereo, 5.1.",
    "the container, else the bitstream",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_sound_format(evidence,
                               [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                   [[maybe_unused]] const probes::AudioFacts& audio) -> Answer {
                                 return of(evidence, audio.channel_layout, kAsText,
                                           "Nothing states it.");
                               });
    },
    Missing::nothing};

extern constinit const Quantity kAudioSampleRate{
    "audio.sample_rate",
    1,
    ValueKind::number,
    Unit::hertz,
    SubjectKind::audio_stream,
    {},
    {},
    {},
    "sample rate",
    "Samples a second and channel.",
    "the bitstream, else the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_sound_format(evidence,
                               [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                   [[maybe_unused]] const probes::AudioFacts& audio) -> Answer {
                                 return positive(evidence, audio.sample_rate);
                               });
    },
    Missing::nothing};

extern constinit const Quantity kAudioBitDepth{
    "audio.bit_depth",
    1,
    ValueKind::number,
    Unit::bits,
    SubjectKind::audio_stream,
    {},
    {},
    {},
    "audio bit depth",
    "Bits of a sample of PCM and lossless codecs.",
    "the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_sound_format(evidence,
                               [&]([[maybe_unused]] const probes::StreamFacts& stream,
                                   [[maybe_unused]] const probes::AudioFacts& audio) -> Answer {
                                 return of(evidence, audio.bit_depth, kAsNumber,
                                           "A lossy codec has no bit depth.");
                               });
    },
    Missing::nothing};

extern constinit const Quantity kAudioBitRate{
    "audio.bit_rate",
    1,
    ValueKind::number,
    Unit::bits_per_second,
    SubjectKind::audio_stream,
    {},
    {},
    {},
    "audio bit rate",
    "Mean bit rate of the payload over the presented duration.",
    "the packet index",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return tainted_by_structure(
          evidence,
          each_audio(evidence,
                     [&]([[maybe_unused]] const probes::StreamFacts& stream,
                         [[maybe_unused]] const probes::AudioFacts& audio) -> Answer {
                       return of_essence(
                           evidence, stream.bit_rate,
                           [](const probes::BitRate& rate) { return Rational(rate.mean); },
                           "The stream has no packets.");
                     }));
    },
    Missing::either};

extern constinit const Quantity kAudioLanguage{
    "audio.language",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::audio_stream,
    {},
    {},
    {},
    "language",
    "Language tag (BCP 47).",
    "the container",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_audio(evidence,
                        [&]([[maybe_unused]] const probes::StreamFacts& stream,
                            [[maybe_unused]] const probes::AudioFacts& audio) -> Answer {
                          return of(evidence, stream.language, kAsText, "No language is stated.");
                        });
    },
    Missing::nothing};

extern constinit const Quantity kAudioEmbedded{
    "audio.embedded",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::audio_stream,
    {},
    {},
    {},
    "coded sound inside the PCM",
    "Kind of SMPTE ST 337 bursts: dolby_e, ac3 and others; absent for plain sound.",
    "SMPTE ST 337",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_audio(evidence,
                        [&]([[maybe_unused]] const probes::StreamFacts& stream,
                            [[maybe_unused]] const probes::AudioFacts& audio) -> Answer {
                          return embedded(evidence, audio);
                        });
    },
    Missing::either};

extern constinit const Quantity kSoundfieldCount{
    "soundfield.count",
    1,
    ValueKind::number,
    Unit::count,
    SubjectKind::file,
    {},
    {},
    {},
    "number of soundfields",
    "Groups of channels that form one sound: a 5.1, a stereo.",
    "docs/soundfields.md",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return whole_file(soundfields_in_all(evidence));
    },
    Missing::raises};

extern constinit const Quantity kSoundfieldLayout{
    "soundfield.layout",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::soundfield,
    {},
    {},
    {},
    "soundfield layout",
    "2.0, 5.1 and others.",
    "docs/soundfields.md",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_soundfield(evidence,
                             [&](const probes::Soundfield& field) { return text(field.layout); });
    },
    Missing::nothing};

extern constinit const Quantity kSoundfieldLanguage{
    "soundfield.language",
    1,
    ValueKind::text,
    Unit::none,
    SubjectKind::soundfield,
    {},
    {},
    {},
    "language",
    "Language tag of the soundfield (BCP 47).",
    "docs/soundfields.md",
    [](const Evidence& evidence, const Parameters&, const Window&) -> std::vector<Reading> {
      return each_soundfield(evidence, [&](const probes::Soundfield& field) {
        return field.language ? text(*field.language) : not_applicable("No language is stated.");
      });
    },
    Missing::nothing};

}  // namespace cleangate::specs
