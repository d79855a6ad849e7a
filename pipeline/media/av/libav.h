// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to this room: libav's headers and owners for what libav allocates.

#include <memory>
#include <new>
#include <optional>
#include <string>

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/display.h>
#include <libavutil/dovi_meta.h>
#include <libavutil/mastering_display_metadata.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
}

#include "core/rational.h"

namespace cleangate::av {

template <auto Free>
struct LibavDeleter {
  template <class T>
  void operator()(T* object) const {
    Free(&object);
  }
};

using PacketPtr = std::unique_ptr<AVPacket, LibavDeleter<av_packet_free>>;
using FramePtr = std::unique_ptr<AVFrame, LibavDeleter<av_frame_free>>;
using CodecContextPtr = std::unique_ptr<AVCodecContext, LibavDeleter<avcodec_free_context>>;
using FormatContextPtr = std::unique_ptr<AVFormatContext, LibavDeleter<avformat_close_input>>;
using ParametersPtr = std::unique_ptr<AVCodecParameters, LibavDeleter<avcodec_parameters_free>>;
using DictionaryPtr = std::unique_ptr<AVDictionary, LibavDeleter<av_dict_free>>;

// libav's own words for an error number.
[[nodiscard]] std::string error_text(int error);
// Throws std::bad_alloc on nullptr, as `new` would.
template <class T>
[[nodiscard]] T* must(T* object) {
  if (!object) throw std::bad_alloc();
  return object;
}
// Nothing when the denominator or numerator is not positive.
[[nodiscard]] std::optional<Rational> positive(AVRational value);

}  // namespace cleangate::av
