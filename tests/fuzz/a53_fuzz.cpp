// SPDX-License-Identifier: Apache-2.0
// Caption data: user data structures of one byte size each, in a reordered presentation.
#include <cstdint>
#include <span>

#include "probes/bitstream/a53.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto input = std::as_bytes(std::span(data, size));
  cleangate::probes::CaptionServices services;
  std::int64_t pts = 0;
  while (!input.empty()) {
    const auto length = std::to_integer<std::size_t>(input[0]);
    const auto part = input.subspan(1, length < input.size() - 1 ? length : input.size() - 1);
    input = input.subspan(1 + part.size());
    services.add(pts ^ 3, cleangate::probes::a53_triplets(part));
    services.add(pts++, part);
  }
  services.finish();
  (void)services.facts();
  return 0;
}
