// SPDX-License-Identifier: Apache-2.0
// WAVE, AVI and AIFF; the first bytes choose.
#include "tests/fuzz/container_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cleangate::probes;
  if (size == 0) return 0;
  const auto read = data[0] == 'F' ? read_aiff : size > 8 && data[8] == 'A' ? read_avi : read_wave;
  cleangate::fuzz::run_reader(read, data, size);
  return 0;
}
