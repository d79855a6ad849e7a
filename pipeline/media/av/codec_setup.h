// SPDX-License-Identifier: Apache-2.0
#pragma once

// Private to this room.

#include "pipeline/media/av/libav.h"
#include "pipeline/media/av/stream_info.h"

namespace cleangate::av {

struct CodecSetup {
  ParametersPtr parameters{must(avcodec_parameters_alloc())};
  AVRational time_base{1, 1};
};

[[nodiscard]] StreamInfo describe(const AVFormatContext& format, const AVStream& stream);

}  // namespace cleangate::av
