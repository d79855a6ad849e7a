// SPDX-License-Identifier: Apache-2.0
// MXF: partitions, primer pack, local sets, timecode, labels.
#include "tests/fuzz/container_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cleangate::fuzz::run_reader(cleangate::probes::read_mxf, data, size);
  return 0;
}
