// SPDX-License-Identifier: Apache-2.0
#include "pipeline/media/av/demuxer.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <mutex>
#include <string_view>

#include "pipeline/media/av/byte_io.h"
#include "pipeline/media/av/codec_setup.h"
#include "pipeline/media/av/formats.h"
#include "pipeline/media/av/log_capture.h"
#include "pipeline/media/av/packet_body.h"

namespace cleangate::av {
namespace {

constexpr std::size_t kLogLines = 100;
constexpr int kMostStreams = 1024;

// What libav calls an error and is none of the essence or its times: tags and cover pictures that
// it leaves out, and what it skips because honest files need that. Any other error is damage.
constexpr std::string_view kHarmless[] = {
    "Unknown attached picture mimetype", "Could not read mimetype from an attached picture",
    "Invalid picture type", "Incorrect BOM value", "Error reading comment frame, skipped"};

bool is_harmless(std::string_view text) {
  return std::any_of(std::begin(kHarmless), std::end(kHarmless),
                     [&](std::string_view known) { return text.starts_with(known); });
}

int refuse_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EPERM);
}

class LibavDemuxer final : public Demuxer, private LogTarget {
 public:
  LibavDemuxer(ByteSource& source, ReadObserver observer) : io_(source, std::move(observer)) {}

  Expected<void> open(ByteSource& source, const DemuxLimits& limits) {
    const auto recognized = limits.format.empty() ? recognize(source) : demuxer_for(limits.format);
    if (!recognized) return tl::unexpected(recognized.error());
    format_name_ = (*recognized)->name;
    if (auto opened = open_input(*recognized, limits); !opened) return opened;
    if (limits.pcm_word_bits > 0) set_pcm_words(limits);
    begin_pass();
    discovered_ = needs_discovery();
    if (discovered_) avformat_find_stream_info(context_.get(), nullptr);
    refresh_streams();
    if (streams_.empty() && !(context_->ctx_flags & AVFMTCTX_NOHEADER))
      return fail(ErrorCode::damaged, fmt::format("This {} file has no streams.", format_name_));
    return {};
  }

  [[nodiscard]] const std::string& format() const override { return format_name_; }
  [[nodiscard]] int stream_count() const override { return static_cast<int>(streams_.size()); }
  [[nodiscard]] const StreamInfo& stream(int index) const override {
    return streams_.at(static_cast<std::size_t>(index));
  }
  [[nodiscard]] std::optional<Rational> duration_s() const override {
    if (context_->duration == AV_NOPTS_VALUE || context_->duration <= 0) return std::nullopt;
    return Rational(context_->duration, AV_TIME_BASE);
  }

  [[nodiscard]] bool discovered() const override { return discovered_; }
  [[nodiscard]] Expected<std::optional<Packet>> next() override {
    auto body = std::make_unique<Packet::Body>();
    const int status = av_read_frame(context_.get(), body->packet.get());
    if (io_.error()) return tl::unexpected(*io_.error());
    if (status == AVERROR_EOF) return std::optional<Packet>();
    if (status < 0) {
      if (avio_feof(context_->pb)) return std::optional<Packet>();
      return fail(ErrorCode::damaged,
                  fmt::format("Reading the container failed: {}.", error_text(status)));
    }
    refresh_streams();
    if (body->packet->stream_index >= stream_count()) return next();
    return std::optional<Packet>(Packet(std::move(body)));
  }

  [[nodiscard]] std::vector<std::string> take_log() override {
    const std::lock_guard lock(log_mutex_);
    return std::exchange(log_, {});
  }

 private:
  void set_pcm_words(const DemuxLimits& limits) {
    if (context_->nb_streams == 0) return;
    AVCodecParameters* sound = context_->streams[0]->codecpar;
    const AVCodecID codec = limits.pcm_word_bits == 8    ? AV_CODEC_ID_PCM_U8
                            : limits.pcm_word_bits == 16 ? AV_CODEC_ID_PCM_S16LE
                            : limits.pcm_word_bits == 24 ? AV_CODEC_ID_PCM_S24LE
                            : limits.pcm_word_bits == 32 ? AV_CODEC_ID_PCM_S32LE
                                                         : AV_CODEC_ID_NONE;
    if (sound->codec_type != AVMEDIA_TYPE_AUDIO || codec == AV_CODEC_ID_NONE) return;
    sound->codec_id = codec;
    sound->bits_per_raw_sample = limits.pcm_sample_bits;
    const std::int64_t frame = std::int64_t{sound->ch_layout.nb_channels} * limits.pcm_word_bits;
    sound->bit_rate = frame * sound->sample_rate;
    context_->streams[0]->duration = AV_NOPTS_VALUE;  // counted in words of another size
  }

  Expected<void> open_input(const AVInputFormat* recognized, const DemuxLimits& limits) {
    AVFormatContext* raw = must(avformat_alloc_context());
    raw->pb = io_.context();
    raw->opaque = static_cast<LogTarget*>(this);
    raw->io_open = refuse_open;
    // Without an index libav neither visits every fragment of an MP4 nor the cues of a Matroska
    // before the first packet: our pass needs none.
    raw->flags |= AVFMT_FLAG_IGNIDX | AVFMT_FLAG_CUSTOM_IO;
    raw->format_whitelist = must(av_strdup(format_whitelist()));
    raw->protocol_whitelist = must(av_strdup("none"));
    raw->max_streams = kMostStreams;
    raw->probesize = limits.discovery_bytes;
    raw->skip_estimate_duration_from_pts = 1;
    // libav asks all its demuxers about the first 5 MB of the samples of every WAV file, for the
    // sake of DTS (7 ms of a small file, 100 of a long one). The probe of the samples finds it
    // anywhere (probes/bitstream/dts_sync.h).
    if (format_name_ == "wav") raw->max_probe_packets = 0;
    const int status = avformat_open_input(&raw, "", recognized, nullptr);  // frees on failure
    if (status < 0) {
      if (io_.error()) return tl::unexpected(*io_.error());
      return fail(ErrorCode::damaged, fmt::format("The {} tables cannot be read: {}{}.",
                                                  format_name_, error_text(status), last_words()));
    }
    context_.reset(raw);
    return {};
  }

  std::string last_words() {
    const std::lock_guard lock(log_mutex_);
    return log_.empty() ? std::string() : " (" + log_.back() + ")";
  }

  // From here the file is read from front to back. libav orders MOV samples by time while it can
  // seek and by position when it cannot. AVI decides by itself; a MOV track whose samples lie
  // backwards in the file (an edit list that repeats, a reference movie) needs its seeks.
  void begin_pass() {
    if (format_name_ == "avi") return;
    if (format_name_.starts_with("mov") && !samples_lie_forward()) return;
    io_.forbid_seeking();
  }

  [[nodiscard]] bool samples_lie_forward() const {
    for (unsigned i = 0; i < context_->nb_streams; ++i) {
      AVStream* stream = context_->streams[i];
      const int count = avformat_index_get_entries_count(stream);
      std::int64_t last = -1;
      for (int k = 0; k < count; ++k) {
        const AVIndexEntry* entry = avformat_index_get_entry(stream, k);
        if (entry->pos < last) return false;
        last = entry->pos;
      }
    }
    return true;
  }

  [[nodiscard]] bool needs_discovery() const {
    if (context_->ctx_flags & AVFMTCTX_NOHEADER) return true;
    for (unsigned i = 0; i < context_->nb_streams; ++i) {
      const AVCodecParameters& codec = *context_->streams[i]->codecpar;
      const bool audio = codec.codec_type == AVMEDIA_TYPE_AUDIO;
      if (audio && codec.codec_id != AV_CODEC_ID_NONE &&
          (codec.sample_rate <= 0 || codec.ch_layout.nb_channels <= 0))
        return true;
      if (codec.codec_type == AVMEDIA_TYPE_VIDEO && codec.codec_id != AV_CODEC_ID_NONE &&
          (codec.width <= 0 || codec.height <= 0))
        return true;
      // ASF has decoding times alone, and libav takes them for those of presentation until it has
      // seen that there are B pictures.
      const bool mpeg =
          codec.codec_id == AV_CODEC_ID_MPEG2VIDEO || codec.codec_id == AV_CODEC_ID_MPEG1VIDEO;
      if (mpeg && format_name_ == "asf") return true;
    }
    return context_->nb_streams == 0;
  }

  void refresh_streams() {
    for (auto i = static_cast<unsigned>(streams_.size()); i < context_->nb_streams; ++i)
      streams_.push_back(describe(*context_, *context_->streams[i]));
  }

  void error_line(std::int64_t, std::string_view text) override {
    if (is_harmless(text)) return;
    const std::lock_guard lock(log_mutex_);
    if (log_.size() < kLogLines) log_.emplace_back(text);
  }

  std::mutex log_mutex_;
  std::vector<std::string> log_;
  ByteIo io_;
  std::string format_name_;
  bool discovered_ = false;
  FormatContextPtr context_;
  std::deque<StreamInfo> streams_;
};

}  // namespace

Expected<std::unique_ptr<Demuxer>> Demuxer::open(ByteSource& source, const DemuxLimits& limits,
                                                 ReadObserver observer) {
  install_log_capture();
  auto demuxer = std::make_unique<LibavDemuxer>(source, std::move(observer));
  if (auto opened = demuxer->open(source, limits); !opened) return tl::unexpected(opened.error());
  return demuxer;
}

}  // namespace cleangate::av
