// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "core/error.h"
#include "probes/rows.h"

namespace cleangate::dam {

// How one column element of one chunk is stored (docs/series-format.md).
enum class Encoding : std::uint8_t {
  constant = 0,  // every row holds `min`; no payload
  plain = 1,     // values, byte planes, zstd
  delta = 2      // zigzag differences to the previous row (the first to 0), byte planes, zstd
};

struct EncodedColumn {
  std::int64_t min = 0, max = 0;
  Encoding encoding = Encoding::constant;
  std::vector<std::byte> payload;
};

// The smaller of plain and delta; plain on a tie. `values` is not empty and every value fits
// `type`.
[[nodiscard]] EncodedColumn encode_column(std::span<const std::int64_t> values,
                                          probes::ColumnType type);

// Fills `values`, whose size is the chunk's row count. A payload that does not decode to exactly so
// many values is an error.
[[nodiscard]] Expected<void> decode_column(Encoding encoding, std::int64_t constant,
                                           std::span<const std::byte> payload,
                                           probes::ColumnType type, std::span<std::int64_t> values);
[[nodiscard]] inline Expected<void> decode_column(const EncodedColumn& column,
                                                  probes::ColumnType type,
                                                  std::span<std::int64_t> values) {
  return decode_column(column.encoding, column.min, column.payload, type, values);
}

}  // namespace cleangate::dam
