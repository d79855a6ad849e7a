// SPDX-License-Identifier: Apache-2.0
// MOV, MP4: boxes, sample entries, edit lists, timecode tracks.
#include "tests/fuzz/container_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cleangate::fuzz::run_reader(cleangate::probes::read_mov, data, size);
  return 0;
}
