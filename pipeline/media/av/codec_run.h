// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to this room: an open decoder with the errors libav reports while it runs.

#include <mutex>
#include <vector>

#include "core/error.h"
#include "pipeline/media/av/codec_setup.h"
#include "pipeline/media/av/decoder.h"
#include "pipeline/media/av/libav.h"
#include "pipeline/media/av/log_capture.h"

namespace cleangate::av {

class CodecRun final : private LogTarget {
 public:
  [[nodiscard]] Expected<void> open(const StreamInfo& stream, int threads);
  [[nodiscard]] const AVCodecContext& context() const { return *context_; }

  // Calls `each(AVFrame&)` for every frame that comes out.
  template <class Each>
  void send(const AVPacket& packet, std::int64_t tag, Each each) {
    set_tag(tag);
    int status = avcodec_send_packet(context_.get(), &packet);
    // Output was left behind: the packet is taken once that is out.
    for (int tries = 0; status == AVERROR(EAGAIN) && tries < kMostTries; ++tries) {
      receive(each);
      status = avcodec_send_packet(context_.get(), &packet);
    }
    note(status == AVERROR(EAGAIN) ? AVERROR_BUG : status, tag);
    receive(each);
  }
  template <class Each>
  void drain(Each each) {
    avcodec_send_packet(context_.get(), nullptr);
    receive(each);
  }
  // As it was opened: flushing alone leaves what headers said of color and pixel shape.
  void reset();
  [[nodiscard]] std::vector<DecodeError> take_errors();

 private:
  static constexpr int kMostFailures = 64, kMostTries = 16;
  template <class Each>
  void receive(Each each) {
    for (int failures = 0; failures < kMostFailures;) {
      const int status = avcodec_receive_frame(context_.get(), frame_.get());
      if (status == AVERROR(EAGAIN) || status == AVERROR_EOF) return;
      if (status < 0) {
        ++failures;
        note(status, last_tag_);
        continue;
      }
      each(*frame_);
      av_frame_unref(frame_.get());
    }
  }
  void set_tag(std::int64_t tag);
  void note(int status, std::int64_t tag);
  void error_line(std::int64_t tag, std::string_view text) override;

  std::string name_;
  bool threaded_ = false;
  std::int64_t last_tag_ = 0;
  std::mutex mutex_;
  std::vector<DecodeError> errors_;
  FramePtr frame_{must(av_frame_alloc())};
  CodecContextPtr context_;
  struct Description {  // before any packet
    AVColorPrimaries primaries;
    AVColorTransferCharacteristic transfer;
    AVColorSpace matrix;
    AVColorRange range;
    AVRational pixel_aspect;
  } opened_{};
};

}  // namespace cleangate::av
