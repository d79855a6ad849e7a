// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "probes/rows.h"
#include "specs/evidence.h"

namespace cleangate::dam {

// The series format: rows of one type as columns, in chunks of kChunkRows rows; every column
// element of a chunk is delta coded where that is smaller, zstd compressed, and carries its minimum
// and maximum. docs/series-format.md is the byte-exact description.
inline constexpr std::int64_t kChunkRows = 4096;

class Series final : public specs::ColumnReader {
 public:
  explicit Series(const probes::RowType& type);
  ~Series() override;
  Series(const Series&) = delete;
  Series& operator=(const Series&) = delete;

  // A whole number of rows. Equal rows give equal bytes whatever the sizes of the pieces.
  void append(std::span<const std::byte> rows);
  void seal();

  [[nodiscard]] std::vector<std::byte> encode() const;  // sealed series as one file
  [[nodiscard]] static Expected<std::unique_ptr<Series>> decode(
      std::span<const std::byte> file);  // validates: hostile bytes give an error

  [[nodiscard]] const probes::RowType& type() const override;
  [[nodiscard]] std::int64_t row_count() const override;
  [[nodiscard]] std::int64_t chunk_rows() const override { return kChunkRows; }
  [[nodiscard]] specs::ColumnBounds bounds(std::string_view column, std::uint32_t element,
                                           std::int64_t chunk) const override;
  [[nodiscard]] Expected<void> read(std::string_view column, std::uint32_t element,
                                    std::int64_t first,
                                    std::span<std::int64_t> into) const override;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cleangate::dam
