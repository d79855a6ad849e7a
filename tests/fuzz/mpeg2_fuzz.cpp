// SPDX-License-Identifier: Apache-2.0
#include "tests/fuzz/stream_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cleangate::fuzz::run_probe("mpeg2video", cleangate::probes::StreamKind::video,
                             std::as_bytes(std::span(data, size)));
  return 0;
}
