// SPDX-License-Identifier: Apache-2.0
#include "probes/bitstream/stream_probe.h"

#include "probes/bitstream/basic_probe.h"
#include "probes/bitstream/codec_probes.h"

namespace cleangate::probes {
namespace {

using Make = std::unique_ptr<StreamProbe> (*)(const StreamDescription&);
struct Entry {
  std::string_view codec;  // libav's name
  Make make;
};

constexpr Entry kProbes[] = {
    {"h264", make_h264_probe},        {"hevc", make_hevc_probe},
    {"mpeg2video", make_mpeg2_probe}, {"mpeg1video", make_mpeg2_probe},
    {"mpeg4", make_mpeg4_probe},      {"prores", make_prores_probe},
    {"dnxhd", make_dnx_probe},        {"jpeg2000", make_jpeg2000_probe},
    {"ffv1", make_ffv1_probe},        {"vp8", make_vp8_probe},
    {"vp9", make_vp9_probe},          {"av1", make_av1_probe},
    {"flac", make_flac_probe},        {"theora", make_theora_probe},
};

}  // namespace

std::unique_ptr<StreamProbe> make_stream_probe(const StreamDescription& description) {
  for (const Entry& entry : kProbes)
    if (entry.codec == description.codec) return entry.make(description);
  for (const Make make : {make_intra_probe, make_pcm_probe, make_coded_audio_probe})
    if (auto probe = make(description)) return probe;
  return std::make_unique<BasicProbe>();
}

}  // namespace cleangate::probes
