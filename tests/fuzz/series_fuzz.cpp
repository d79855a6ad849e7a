// SPDX-License-Identifier: Apache-2.0
// A series file is either refused or gives every row it promises.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "dam/series.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto series = cleangate::dam::Series::decode(std::as_bytes(std::span(bytes, size)));
  if (!series) return 0;
  const cleangate::dam::Series& read = **series;
  if (read.row_count() < 0 || read.row_count() > std::int64_t{1} << 32) std::abort();
  std::vector<std::int64_t> values(
      static_cast<std::size_t>(std::min<std::int64_t>(read.row_count(), 10'000)));
  for (const auto& column : read.type().columns)
    for (std::uint32_t element = 0; element < column.count; ++element) {
      (void)read.read(column.name, element, 0, values);
      (void)read.read(column.name, element,
                      read.row_count() - static_cast<std::int64_t>(values.size()), values);
      (void)read.bounds(column.name, element, 0);
    }
  return 0;
}
