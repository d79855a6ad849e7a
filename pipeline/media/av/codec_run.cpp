// SPDX-License-Identifier: Apache-2.0
#include "pipeline/media/av/codec_run.h"

#include <fmt/format.h>

#include <algorithm>

namespace cleangate::av {
namespace {

constexpr std::size_t kMostErrors = 4096;  // between two take_errors
constexpr std::int64_t kMostPixels = 16384ll * 16384;

// Options only some decoders have; the others ignore them.
DictionaryPtr decoder_options() {
  AVDictionary* options = nullptr;
  av_dict_set(&options, "drc_scale", "0", 0);      // AC-3, E-AC-3: no dynamic range control
  av_dict_set(&options, "target_level", "0", 0);   // AC-3: dialogue normalization off
  av_dict_set(&options, "cons_noisegen", "1", 0);  // AC-3: dither from the packet, not from time
  return DictionaryPtr(options);
}

}  // namespace

Expected<void> CodecRun::open(const StreamInfo& stream, int threads) {
  install_log_capture();
  const AVCodecParameters& parameters = *stream.setup->parameters;
  const AVCodec* codec = avcodec_find_decoder(parameters.codec_id);
  if (!stream.undecodable.empty()) return fail(ErrorCode::unsupported, stream.undecodable);
  if (!codec) return fail(ErrorCode::unsupported, "There is no decoder for " + stream.codec + ".");
  context_.reset(must(avcodec_alloc_context3(codec)));
  if (const int status = avcodec_parameters_to_context(context_.get(), &parameters); status < 0)
    return fail(ErrorCode::damaged, error_text(status) + ".");
  name_ = codec->name;
  threaded_ = threads > 1;
  context_->opaque = static_cast<LogTarget*>(this);
  context_->pkt_timebase = stream.setup->time_base;
  context_->thread_count = threads;
  context_->flags |= AV_CODEC_FLAG_BITEXACT;
  context_->err_recognition = AV_EF_CRCCHECK | AV_EF_CAREFUL;
  context_->max_pixels = kMostPixels;
  // An H.264 stream that states no reorder depth gets the one its level allows (H.264 E.2.1), not
  // a guess that grows while pictures come out in the wrong order.
  if (parameters.codec_id == AV_CODEC_ID_H264)
    context_->strict_std_compliance = FF_COMPLIANCE_STRICT;
  AVDictionary* options = decoder_options().release();
  const int status = avcodec_open2(context_.get(), codec, &options);
  av_dict_free(&options);
  if (status < 0) {
    std::string words;
    for (const DecodeError& error : take_errors()) words = " (" + error.text + ")";
    return fail(ErrorCode::unsupported, fmt::format("The {} decoder does not open: {}{}.", name_,
                                                    error_text(status), words));
  }
  opened_ = {context_->color_primaries, context_->color_trc, context_->colorspace,
             context_->color_range, context_->sample_aspect_ratio};
  return {};
}

void CodecRun::reset() {
  avcodec_flush_buffers(context_.get());
  context_->color_primaries = opened_.primaries;
  context_->color_trc = opened_.transfer;
  context_->colorspace = opened_.matrix;
  context_->color_range = opened_.range;
  context_->sample_aspect_ratio = opened_.pixel_aspect;
}

void CodecRun::set_tag(std::int64_t tag) {
  last_tag_ = tag;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
  context_->reordered_opaque = tag;
#pragma GCC diagnostic pop
}

// With threads a failure comes back with a later packet: libav's log line, which carries the right
// tag, has been heard by then.
void CodecRun::note(int status, std::int64_t tag) {
  if (status >= 0 || status == AVERROR(EAGAIN) || status == AVERROR_EOF) return;
  const std::lock_guard lock(mutex_);
  if (errors_.size() >= kMostErrors) return;
  // Where libav has said more of this packet already, its bare status adds nothing.
  const bool said = std::any_of(errors_.begin(), errors_.end(), [&](const DecodeError& error) {
    return threaded_ || error.tag == tag;
  });
  if (said) return;
  errors_.push_back(
      {threaded_ ? std::nullopt : std::optional(tag), name_ + ": " + error_text(status)});
}

void CodecRun::error_line(std::int64_t tag, std::string_view text) {
  const std::lock_guard lock(mutex_);
  if (errors_.size() < kMostErrors) errors_.push_back({tag, fmt::format("{}: {}", name_, text)});
}

std::vector<DecodeError> CodecRun::take_errors() {
  const std::lock_guard lock(mutex_);
  return std::exchange(errors_, {});
}

}  // namespace cleangate::av
