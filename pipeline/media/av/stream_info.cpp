// SPDX-License-Identifier: Apache-2.0
#include "pipeline/media/av/stream_info.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <optional>
#include <string_view>

#include "pipeline/media/av/codec_setup.h"

namespace cleangate::av {
namespace {

using probes::StreamKind;

std::string four_characters(std::uint32_t tag) {
  std::string text;
  for (int i = 0; i < 4; ++i) {
    const auto c = static_cast<char>(tag >> (8 * i));
    if (c < 0x20 || c > 0x7e) return fmt::format("0x{:08x}", tag);
    text.push_back(c);
  }
  return text;
}

StreamKind kind_of(const AVStream& stream) {
  const AVCodecParameters& codec = *stream.codecpar;
  if (stream.disposition & AV_DISPOSITION_ATTACHED_PIC) return StreamKind::data;
  switch (codec.codec_type) {
    case AVMEDIA_TYPE_VIDEO:
      return StreamKind::video;
    case AVMEDIA_TYPE_AUDIO:
      return StreamKind::audio;
    case AVMEDIA_TYPE_SUBTITLE:
      return StreamKind::captions;
    default:
      return codec.codec_tag == MKTAG('t', 'm', 'c', 'd') ? StreamKind::timecode : StreamKind::data;
  }
}

const std::uint8_t* stream_side_data(const AVStream& stream, AVPacketSideDataType type,
                                     std::size_t least) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  std::size_t size = 0;
  const std::uint8_t* data = av_stream_get_side_data(&stream, type, &size);
#pragma GCC diagnostic pop
  return data && size >= least ? data : nullptr;
}

std::optional<int> rotation_of(const AVStream& stream) {
  const auto* matrix = stream_side_data(stream, AV_PKT_DATA_DISPLAYMATRIX, 9 * sizeof(int32_t));
  if (!matrix) return std::nullopt;
  const double angle = av_display_rotation_get(reinterpret_cast<const std::int32_t*>(matrix));
  if (std::isnan(angle)) return std::nullopt;
  const int clockwise = static_cast<int>(std::lround(-angle));
  return ((clockwise % 360) + 360) % 360;
}

// Nothing where it is no number or one that the field of ours does not hold.
std::optional<std::uint32_t> scaled(AVRational value, std::int64_t units) {
  if (value.den <= 0 || value.num < 0) return std::nullopt;
  const std::int64_t wide = (value.num * units + value.den / 2) / value.den;
  if (wide > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  return static_cast<std::uint32_t>(wide);
}

std::optional<probes::MasteringDisplay> mastering_of(const AVMasteringDisplayMetadata& told) {
  if (!told.has_primaries || !told.has_luminance) return std::nullopt;
  bool whole = true;
  const auto number = [&](AVRational value, std::int64_t units) {
    const auto found = scaled(value, units);
    whole = whole && found;
    return found.value_or(0);
  };
  const auto point = [&](const AVRational* xy) {
    return probes::Chromaticity{number(xy[0], 50'000), number(xy[1], 50'000)};
  };
  probes::MasteringDisplay display;
  display.red = point(told.display_primaries[0]);
  display.green = point(told.display_primaries[1]);
  display.blue = point(told.display_primaries[2]);
  display.white_point = point(told.white_point);
  display.luminance_min = number(told.min_luminance, 10'000);
  display.luminance_max = number(told.max_luminance, 10'000);
  display.carrier = "container";
  return whole ? std::optional(display) : std::nullopt;
}

void add_hdr(const AVStream& stream, probes::VideoClaims& claims) {
  if (const auto* data = stream_side_data(stream, AV_PKT_DATA_MASTERING_DISPLAY_METADATA,
                                          sizeof(AVMasteringDisplayMetadata))) {
    const auto& told = *reinterpret_cast<const AVMasteringDisplayMetadata*>(data);
    if (const auto display = mastering_of(told)) claims.mastering = display;
  }
  if (const auto* data = stream_side_data(stream, AV_PKT_DATA_CONTENT_LIGHT_LEVEL,
                                          sizeof(AVContentLightMetadata))) {
    const auto& light = *reinterpret_cast<const AVContentLightMetadata*>(data);
    claims.content_light = probes::ContentLight{light.MaxCLL, light.MaxFALL};
  }
  if (const auto* data = stream_side_data(stream, AV_PKT_DATA_DOVI_CONF,
                                          sizeof(AVDOVIDecoderConfigurationRecord))) {
    const auto& record = *reinterpret_cast<const AVDOVIDecoderConfigurationRecord*>(data);
    claims.dolby_vision = probes::DolbyVision{record.dv_profile,
                                              record.dv_level,
                                              record.dv_bl_signal_compatibility_id,
                                              record.rpu_present_flag != 0,
                                              record.el_present_flag != 0,
                                              record.bl_present_flag != 0};
  }
}

void add_scan(const AVCodecParameters& codec, probes::VideoClaims& claims) {
  // TT and BB: the fields are coded one after the other. TB and BT: they are interleaved, and come
  // from `fiel` 9 and 14 (CoreVideo: the spatially first line is the early or the late one), their
  // likes in Matroska (RFC 9559, 5.1.4.1.28.2) and y4m: whatever libav's comments say, TB is shown
  // top field first and BT bottom field first.
  if (codec.field_order == AV_FIELD_UNKNOWN) return;
  if (codec.field_order == AV_FIELD_PROGRESSIVE) {
    claims.scan = probes::Scan::progressive;
    return;
  }
  claims.scan = probes::Scan::interlaced;
  claims.field_order = codec.field_order == AV_FIELD_TT || codec.field_order == AV_FIELD_TB
                           ? probes::FieldOrder::top
                           : probes::FieldOrder::bottom;
}

probes::VideoClaims video_claims(const AVStream& stream, const std::string& tag) {
  const AVCodecParameters& codec = *stream.codecpar;
  probes::VideoClaims claims;
  if (!tag.empty()) claims.codec_tag = tag;
  if (codec.width > 0 && codec.height > 0) {
    claims.width = codec.width;
    claims.height = codec.height;
  }
  claims.pixel_aspect = positive(stream.sample_aspect_ratio);
  claims.frame_rate = positive(stream.avg_frame_rate);
  add_scan(codec, claims);
  claims.color.primaries = static_cast<ColorPrimaries>(codec.color_primaries);
  claims.color.transfer = static_cast<TransferCharacteristics>(codec.color_trc);
  claims.color.matrix = static_cast<MatrixCoefficients>(codec.color_space);
  claims.color.range = codec.color_range == AVCOL_RANGE_JPEG   ? SignalRange::full
                       : codec.color_range == AVCOL_RANGE_MPEG ? SignalRange::narrow
                                                               : SignalRange::unspecified;
  claims.rotation = rotation_of(stream);
  add_hdr(stream, claims);
  return claims;
}

probes::AudioClaims audio_claims(const AVCodecParameters& codec, const std::string& tag) {
  probes::AudioClaims claims;
  if (!tag.empty()) claims.codec_tag = tag;
  if (codec.ch_layout.nb_channels > 0) claims.channels = codec.ch_layout.nb_channels;
  if (codec.sample_rate > 0) claims.sample_rate = codec.sample_rate;
  const int bits = codec.bits_per_raw_sample > 0 ? codec.bits_per_raw_sample
                                                 : av_get_exact_bits_per_sample(codec.codec_id);
  if (bits > 0) claims.bit_depth = bits;
  if (codec.ch_layout.order == AV_CHANNEL_ORDER_NATIVE) {
    char text[128];
    if (av_channel_layout_describe(&codec.ch_layout, text, sizeof text) > 0)
      claims.channel_layout = text;
  }
  return claims;
}

// Of a stream type that it does not know libav guesses the codec from the bytes, and what is
// nothing else easily looks like MPEG audio; that has types of its own (ISO/IEC 13818-1, table
// 2-34; 0x06 and those from 0x80 on are private).
bool guessed_mpeg_audio(const AVFormatContext& format, const AVCodecParameters& codec) {
  if (std::string_view(format.iformat->name) != "mpegts") return false;
  const bool mpeg_audio = codec.codec_id == AV_CODEC_ID_MP1 || codec.codec_id == AV_CODEC_ID_MP2 ||
                          codec.codec_id == AV_CODEC_ID_MP3;
  const std::uint32_t type = codec.codec_tag;
  return mpeg_audio && type > 0x06 && type < 0x80;
}

// MPEG-1, MPEG-2 and MPEG-4 state their rate in every sequence, and libav counts by that.
bool bare_pictures(std::string_view demuxer) {
  static constexpr std::string_view kBare[] = {"cavsvideo", "dirac", "dnxhd", "h261", "h263",
                                               "h264",      "hevc",  "mjpeg", "obu",  "vc1"};
  return std::find(std::begin(kBare), std::end(kBare), demuxer) != std::end(kBare);
}

std::string undecodable(const AVFormatContext& format, const AVStream& stream) {
  const AVCodecParameters& codec = *stream.codecpar;
  if (guessed_mpeg_audio(format, codec))
    return fmt::format("The codec of stream type 0x{:02x} is not known here.", codec.codec_tag);
  if (av_dict_get(stream.metadata, "enc_key_id", nullptr, 0) ||  // Matroska
      codec.codec_tag == MKTAG('e', 'n', 'c', 'v') || codec.codec_tag == MKTAG('e', 'n', 'c', 'a'))
    return "The essence is encrypted.";
  if (codec.codec_id == AV_CODEC_ID_NONE)
    return fmt::format("The codec (tag {}) is not known here.", four_characters(codec.codec_tag));
  if (!avcodec_find_decoder(codec.codec_id))
    return fmt::format("There is no decoder for {} here.", avcodec_get_name(codec.codec_id));
  return {};
}

}  // namespace

StreamInfo describe(const AVFormatContext& format, const AVStream& stream) {
  const AVCodecParameters& codec = *stream.codecpar;
  StreamInfo info;
  info.index = stream.index;
  info.kind = kind_of(stream);
  const std::string_view demuxer(format.iformat->name);
  if (stream.id > 0) info.native_id = stream.id;
  if (!info.native_id && (demuxer == "wav" || demuxer == "w64")) info.native_id = 1;
  for (unsigned i = 0; i < format.nb_programs && demuxer == "mpegts"; ++i)
    for (unsigned k = 0; k < format.programs[i]->nb_stream_indexes; ++k)
      if (format.programs[i]->stream_index[k] == static_cast<unsigned>(stream.index) &&
          !info.program_id)
        info.program_id = format.programs[i]->id;
  info.codec = guessed_mpeg_audio(format, codec) ? "none" : avcodec_get_name(codec.codec_id);
  info.codec_tag = codec.codec_tag;
  if (const auto base = positive(stream.time_base)) info.time_base = *base;
  if (const auto* entry = av_dict_get(stream.metadata, "language", nullptr, 0))
    if (std::string_view(entry->value) != "und" && *entry->value) info.language = entry->value;
  if (stream.start_time != AV_NOPTS_VALUE) info.start_ticks = stream.start_time;
  if (stream.duration != AV_NOPTS_VALUE && stream.duration > 0)
    info.duration_ticks = stream.duration;
  const std::string tag = codec.codec_tag ? four_characters(codec.codec_tag) : std::string();
  if (info.kind == StreamKind::video) info.video = video_claims(stream, tag);
  info.bare = info.kind == StreamKind::video && bare_pictures(demuxer);
  if (info.bare) {
    info.video.frame_rate.reset();
    info.start_ticks.reset();
    info.duration_ticks.reset();
  }
  if (info.kind == StreamKind::audio) info.audio = audio_claims(codec, tag);
  if (codec.extradata_size > 0) {
    const auto* data = reinterpret_cast<const std::byte*>(codec.extradata);
    info.configuration.assign(data, data + codec.extradata_size);
  }
  info.bits_per_sample = av_get_exact_bits_per_sample(codec.codec_id);
  if (codec.bits_per_raw_sample > 0 && codec.bits_per_raw_sample < info.bits_per_sample)
    info.bits_per_sample = codec.bits_per_raw_sample;  // in words of more
  info.width = codec.width;
  info.height = codec.height;
  const AVCodecDescriptor* descriptor = avcodec_descriptor_get(codec.codec_id);
  info.intra_only = info.kind == StreamKind::video && descriptor &&
                    (descriptor->props & AV_CODEC_PROP_INTRA_ONLY);
  info.pcm = info.kind == StreamKind::audio && info.bits_per_sample > 0 &&
             codec.codec_id != AV_CODEC_ID_S302M &&
             std::string_view(info.codec).starts_with("pcm_");
  if (info.kind == StreamKind::video || info.kind == StreamKind::audio)
    info.undecodable = undecodable(format, stream);
  auto setup = std::make_shared<CodecSetup>();
  if (avcodec_parameters_copy(setup->parameters.get(), &codec) < 0) throw std::bad_alloc();
  setup->time_base = stream.time_base;
  info.setup = std::move(setup);
  return info;
}

}  // namespace cleangate::av
