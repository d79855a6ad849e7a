// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "pipeline/media/av/codec_run.h"
#include "pipeline/media/av/packet_body.h"

extern "C" {
#include <libavutil/cpu.h>
}

namespace cleangate::av {
namespace {

std::optional<SampleType> type_of(int format) {
  switch (av_get_packed_sample_fmt(static_cast<AVSampleFormat>(format))) {
    case AV_SAMPLE_FMT_U8:
      return SampleType::u8;
    case AV_SAMPLE_FMT_S16:
      return SampleType::s16;
    case AV_SAMPLE_FMT_S32:
      return SampleType::s32;
    case AV_SAMPLE_FMT_S64:
      return SampleType::s64;
    case AV_SAMPLE_FMT_FLT:
      return SampleType::f32;
    case AV_SAMPLE_FMT_DBL:
      return SampleType::f64;
    default:
      return std::nullopt;
  }
}

class LibavAudioDecoder final : public AudioDecoder {
 public:
  CodecRun run_;

  void decode(const Packet& packet, std::int64_t tag, Sink& sink) override {
    run_.send(*packet.body().packet, tag, [&](AVFrame& frame) { give(frame, sink); });
  }
  void drain(Sink& sink) override {
    run_.drain([&](AVFrame& frame) { give(frame, sink); });
  }
  [[nodiscard]] std::vector<DecodeError> take_errors() override { return run_.take_errors(); }
  [[nodiscard]] probes::AudioClaims claims() const override { return claims_; }

 private:
  void give(const AVFrame& frame, Sink& sink) {
    const auto type = type_of(frame.format);
    if (!type || frame.nb_samples <= 0) return;
    AudioBlock block;
    block.type = *type;
    block.arrangement = av_sample_fmt_is_planar(static_cast<AVSampleFormat>(frame.format))
                            ? SampleArrangement::planar
                            : SampleArrangement::interleaved;
    block.channels = frame.ch_layout.nb_channels;
    block.sample_rate = frame.sample_rate;
    block.first_sample = next_sample_;
    block.samples = frame.nb_samples;
    block.planes = reinterpret_cast<const void* const*>(frame.extended_data);
    block.damaged = (frame.flags & AV_FRAME_FLAG_CORRUPT) || frame.decode_error_flags != 0;
    if (!claims_.channels) claim(frame);
    next_sample_ += block.samples;
    sink.block(block);
  }

  void claim(const AVFrame& frame) {
    claims_.channels = frame.ch_layout.nb_channels;
    claims_.sample_rate = frame.sample_rate;
    const AVCodecContext& codec = run_.context();
    if (const char* profile = avcodec_profile_name(codec.codec_id, codec.profile))
      claims_.profile = profile;
    char text[128];
    if (frame.ch_layout.order == AV_CHANNEL_ORDER_NATIVE &&
        av_channel_layout_describe(&frame.ch_layout, text, sizeof text) > 0)
      claims_.channel_layout = text;
    const AVCodecDescriptor* descriptor = avcodec_descriptor_get(codec.codec_id);
    const bool lossless = descriptor && (descriptor->props & AV_CODEC_PROP_LOSSLESS);
    if (lossless && codec.bits_per_raw_sample > 0) claims_.bit_depth = codec.bits_per_raw_sample;
  }

  std::int64_t next_sample_ = 0;
  probes::AudioClaims claims_;
};

}  // namespace

Expected<std::unique_ptr<AudioDecoder>> AudioDecoder::open(const StreamInfo& stream) {
  auto decoder = std::make_unique<LibavAudioDecoder>();
  if (auto opened = decoder->run_.open(stream, 1); !opened) return tl::unexpected(opened.error());
  return decoder;
}

std::string decoder_provenance() {
  const unsigned version = avcodec_version();
  const int cpu = av_get_cpu_flags();
  const char* cpu_class = "generic";
#if defined(__x86_64__)
  cpu_class = (cpu & AV_CPU_FLAG_AVX512) ? "x86-64 AVX-512"
              : (cpu & AV_CPU_FLAG_AVX2) ? "x86-64 AVX2"
              : (cpu & AV_CPU_FLAG_SSE2) ? "x86-64 SSE2"
                                         : "x86-64 plain";
#elif defined(__aarch64__)
  cpu_class = (cpu & AV_CPU_FLAG_NEON) ? "arm64 NEON" : "arm64 plain";
#endif
  return fmt::format("libavcodec {}.{}.{}, {}", version >> 16, (version >> 8) & 0xff,
                     version & 0xff, cpu_class);
}

void limit_cpu_features(int flags) { av_force_cpu_flags(flags); }

}  // namespace cleangate::av
