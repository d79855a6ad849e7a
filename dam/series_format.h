// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/error.h"
#include "dam/column_codec.h"
#include "probes/rows.h"

// Head and index of a series file (docs/series-format.md).
namespace cleangate::dam {

inline constexpr std::uint32_t kSeriesChunkRows = 4096;
// Bytes that hold the head of any series file (its row name is at most 255 bytes long).
inline constexpr std::size_t kSeriesHeadBytes = 512;

// One element of one column: what is compressed on its own.
struct SeriesElement {
  const probes::Column* column = nullptr;
  std::uint32_t number = 0;  // within the column
  std::uint32_t offset = 0;  // bytes from the start of the row
};

// Where one element of one chunk lies.
struct SeriesEntry {
  std::int64_t min = 0, max = 0;
  std::uint64_t offset = 0;  // from the start of the file
  std::uint32_t bytes = 0, checksum = 0;
  Encoding encoding = Encoding::constant;
};

struct SeriesIndex {
  const probes::RowType* type = nullptr;
  std::vector<SeriesElement> elements;
  std::int64_t rows = 0;
  std::size_t chunks = 0;
  std::vector<SeriesEntry> entries;  // all chunks of the first element, then of the next …
  std::uint64_t file_bytes = 0;

  [[nodiscard]] const SeriesEntry& entry(std::size_t element, std::size_t chunk) const {
    return entries[element * chunks + chunk];
  }
  [[nodiscard]] std::size_t rows_in(std::size_t chunk) const;
  [[nodiscard]] std::optional<std::size_t> find(std::string_view column,
                                                std::uint32_t element) const;
};

[[nodiscard]] std::vector<SeriesElement> series_elements(const probes::RowType& type);
// Where `element` of `column` stands among them.
[[nodiscard]] std::optional<std::size_t> element_place(const probes::RowType& type,
                                                       std::string_view column,
                                                       std::uint32_t element);
[[nodiscard]] std::uint32_t payload_checksum(std::span<const std::byte> payload);

// The head and index as bytes; offsets and chunks of `index` are worked out here.
[[nodiscard]] std::vector<std::byte> write_series_index(const SeriesIndex& index);

// How long head and index are together, from the first bytes of a file (up to kSeriesHeadBytes).
// Validates the head.
[[nodiscard]] Expected<std::uint64_t> series_index_bytes(std::span<const std::byte> first,
                                                         std::uint64_t file_bytes);
// `bytes`: exactly head and index. Validates everything that can be without the payloads.
[[nodiscard]] Expected<SeriesIndex> read_series_index(std::span<const std::byte> bytes,
                                                      std::uint64_t file_bytes);

[[nodiscard]] tl::unexpected<Error> damaged_series(std::string_view what);

}  // namespace cleangate::dam
