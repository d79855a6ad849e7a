// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "pipeline/media/av/libav.h"
#include "pipeline/media/av/packet.h"

namespace cleangate::av {

struct Packet::Body {
  PacketPtr packet{must(av_packet_alloc())};
};

}  // namespace cleangate::av
