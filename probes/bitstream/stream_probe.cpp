// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/stream_probe.h"

#include "probes/bitstream/basic_probe.h"
#include "probes/bitstream/codec_probes.h"

namespace cleangate::probes {
namespace {

using Make = std::unique_ptr<StreamProbe> (*)(const StreamDescription&);
struct Entry {
  std::string_view codec;
  Make make;
};

constexpr Entry kProbes[] = {
    {"h264", make_h264_probe},
    {"hevc", make_hevc_probe},
    {"mpeg2video", make_mpeg2_probe},
    {"mpeg1video", make_mpeg2_probe},
};

}  // namespace

std::unique_ptr<StreamProbe> make_stream_probe(const StreamDescription& description) {
  for (const Entry& entry : kProbes)
    if (entry.codec == description.codec) return entry.make(description);
  return std::make_unique<BasicProbe>();
}

}  // namespace cleangate::probes
