// SPDX-License-Identifier: Apache-2.0
// MP3, FLAC, CAF and Wave64; the first bytes choose.
#include "tests/fuzz/container_input.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace cleangate::probes;
  if (size == 0) return 0;
  const auto read = data[0] == 'f'   ? read_flac
                    : data[0] == 'c' ? read_caf
                    : data[0] == 'r' ? read_wave64
                                     : read_mp3;
  cleangate::fuzz::run_reader(read, data, size);
  return 0;
}
