// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/error.h"
#include "probes/rows.h"
#include "specs/evidence.h"

namespace cleangate::dam {

// A series file read lazily: opening reads and verifies head and index; `read` fetches, verifies
// and unpacks only the column elements and chunks asked for (pread; no mmap). Reading is
// thread-safe. A damaged payload gives ErrorCode::damaged, never other numbers.
class StoredSeries final : public specs::ColumnReader {
 public:
  [[nodiscard]] static Expected<std::unique_ptr<StoredSeries>> open(const std::string& path);
  ~StoredSeries() override;

  [[nodiscard]] const probes::RowType& type() const override;
  [[nodiscard]] std::int64_t row_count() const override;
  [[nodiscard]] std::int64_t chunk_rows() const override;
  [[nodiscard]] specs::ColumnBounds bounds(std::string_view column, std::uint32_t element,
                                           std::int64_t chunk) const override;
  [[nodiscard]] Expected<void> read(std::string_view column, std::uint32_t element,
                                    std::int64_t first,
                                    std::span<std::int64_t> into) const override;
  // Payload bytes fetched so far: what laziness saved can be seen.
  [[nodiscard]] std::uint64_t bytes_read() const;
  // Has a read failed? What was folded from these rows must not be remembered.
  [[nodiscard]] bool failed() const;

 private:
  struct Impl;
  explicit StoredSeries(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// Stands for a series whose file is missing or damaged: it has the rows the catalog remembers,
// bounds that decide nothing, and every read is the error. A quantity over it is inconclusive.
class DamagedSeries final : public specs::ColumnReader {
 public:
  DamagedSeries(const probes::RowType& type, std::int64_t rows, Error why);

  [[nodiscard]] const probes::RowType& type() const override { return *type_; }
  [[nodiscard]] std::int64_t row_count() const override { return rows_; }
  [[nodiscard]] std::int64_t chunk_rows() const override;
  [[nodiscard]] specs::ColumnBounds bounds(std::string_view column, std::uint32_t element,
                                           std::int64_t chunk) const override;
  [[nodiscard]] Expected<void> read(std::string_view column, std::uint32_t element,
                                    std::int64_t first,
                                    std::span<std::int64_t> into) const override;
  [[nodiscard]] const Error& why() const { return why_; }

 private:
  const probes::RowType* type_;
  std::int64_t rows_;
  Error why_;
};

}  // namespace cleangate::dam
