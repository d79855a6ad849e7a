// SPDX-License-Identifier: Apache-2.0
// H.264 and HEVC: NAL framing, parameter sets, slices, SEI. The first byte chooses the codec.
#include "tests/fuzz/stream_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto bytes = std::as_bytes(std::span(data, size)).subspan(1);
  cleangate::fuzz::run_probe(data[0] % 2 ? "hevc" : "h264", cleangate::probes::StreamKind::video,
                             bytes);
  return 0;
}
