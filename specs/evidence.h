// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "probes/facts.h"
#include "probes/rows.h"

// What a judge may look at: facts and columns of rows. It never opens media. dam/ implements it
// (from memory or from the catalog).
namespace cleangate::specs {

// Bounds of one column in one chunk, widened; a ladder column has one pair per element.
struct ColumnBounds {
  std::int64_t min = 0, max = 0;  // u64 columns never exceed 2^63-1 by construction
};

// Rows of one series, by column. Chunks are runs of rows; `bounds` answers without decompressing.
class ColumnReader {
 public:
  virtual ~ColumnReader() = default;
  [[nodiscard]] virtual const probes::RowType& type() const = 0;
  [[nodiscard]] virtual std::int64_t row_count() const = 0;
  [[nodiscard]] virtual std::int64_t chunk_rows()
      const = 0;  // every chunk but the last has this many
  [[nodiscard]] virtual ColumnBounds bounds(std::string_view column, std::uint32_t element,
                                            std::int64_t chunk) const = 0;
  // Widens rows [first, first+into.size()) of one element of a column. An unknown column or range
  // is an error.
  [[nodiscard]] virtual Expected<void> read(std::string_view column, std::uint32_t element,
                                            std::int64_t first,
                                            std::span<std::int64_t> into) const = 0;
};

class ReadingMemory;  // specs/memory.h

class Evidence {
 public:
  virtual ~Evidence() = default;
  [[nodiscard]] virtual const std::string& path()
      const = 0;  // bytes as given; for file.name alone, and for nothing that is remembered
  [[nodiscard]] virtual const probes::AssetFacts& facts() const = 0;
  [[nodiscard]] virtual probes::Status status() const = 0;
  // nullptr when these rows were not measured (the quantity is then absent because "not measured").
  [[nodiscard]] virtual const ColumnReader* rows(const probes::SeriesId& id) const = 0;
  // What quantities gave on this evidence before; nullptr: nothing is remembered.
  [[nodiscard]] virtual ReadingMemory* memory() const { return nullptr; }
};

// Whole column as a vector; empty optional when the series is not there or cannot be read.
[[nodiscard]] std::optional<std::vector<std::int64_t>> read_column(const Evidence& evidence,
                                                                   const probes::SeriesId& id,
                                                                   std::string_view column,
                                                                   std::uint32_t element = 0);

}  // namespace cleangate::specs
