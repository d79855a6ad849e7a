// SPDX-License-Identifier: Apache-2.0
#include "pipeline/media/av/about.h"

#include <fmt/core.h>

#include "pipeline/media/av/libav.h"

namespace cleangate::av {
namespace {

constexpr const char* kCodecs[] = {
    "prores",    "dnxhd",     "mpeg2video", "h264", "hevc",  "jpeg2000", "ffv1",   "cfhd",
    "v210",      "vc1",       "vp9",        "av1",  "mjpeg", "dvvideo",  "hap",    "pcm_s24le",
    "pcm_s16le", "pcm_f32le", "pcm_bluray", "aac",  "ac3",   "eac3",     "truehd", "dts",
    "mp2",       "mp3",       "opus",       "flac", "alac",  "dolby_e"};

std::string version_line(const char* name, unsigned version) {
  return fmt::format("library {} {}.{}.{}\n", name, AV_VERSION_MAJOR(version),
                     AV_VERSION_MINOR(version), AV_VERSION_MICRO(version));
}

}  // namespace

std::string about() {
  std::string text = version_line("libavformat", avformat_version()) +
                     version_line("libavcodec", avcodec_version()) +
                     version_line("libavutil", avutil_version());
  for (const char* name : kCodecs) {
    const AVCodecDescriptor* codec = avcodec_descriptor_get_by_name(name);
    const bool decodes = codec && avcodec_find_decoder(codec->id);
    text += fmt::format("decoder {} {}\n", name, decodes ? "yes" : "no");
  }
  return text;
}

}  // namespace cleangate::av
