// SPDX-License-Identifier: Apache-2.0
// Every other codec; the first byte chooses it.
#include <array>

#include "tests/fuzz/stream_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using cleangate::probes::StreamKind;
  constexpr std::array kVideo{"mpeg4", "prores", "dnxhd", "jpeg2000", "ffv1",
                              "vp8",   "vp9",    "av1",   "dvvideo",  "v210"};
  constexpr std::array kAudio{"flac", "aac",  "ac3",       "eac3",     "mp3",
                              "opus", "alac", "pcm_s16le", "pcm_s24be"};
  if (size == 0) return 0;
  const auto bytes = std::as_bytes(std::span(data, size)).subspan(1);
  const std::size_t choice = data[0] % (kVideo.size() + kAudio.size());
  if (choice < kVideo.size())
    cleangate::fuzz::run_probe(kVideo[choice], StreamKind::video, bytes);
  else
    cleangate::fuzz::run_probe(kAudio[choice - kVideo.size()], StreamKind::audio, bytes);
  return 0;
}
