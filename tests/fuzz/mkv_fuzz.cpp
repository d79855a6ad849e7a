// SPDX-License-Identifier: Apache-2.0
// Matroska and WebM: EBML, tracks, checksums.
#include "tests/fuzz/container_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cleangate::fuzz::run_reader(cleangate::probes::read_matroska, data, size);
  return 0;
}
