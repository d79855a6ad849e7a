// SPDX-License-Identifier: Apache-2.0
#include "dam/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "dam/column_codec.h"
#include "dam/series_format.h"

namespace cleangate::dam {
namespace {

using probes::ColumnType;
using probes::RowType;

struct Chunk {
  std::int64_t rows = 0;
  std::vector<EncodedColumn> elements;
};

std::int64_t widened(const std::byte* at, ColumnType type) {
  const auto as = [at]<class T>(T value) {
    std::memcpy(&value, at, sizeof value);
    return static_cast<std::int64_t>(value);
  };
  switch (type) {
    case ColumnType::u8:
      return as(std::uint8_t{});
    case ColumnType::u16:
      return as(std::uint16_t{});
    case ColumnType::u32:
      return as(std::uint32_t{});
    case ColumnType::u64:
      return as(std::uint64_t{});
    case ColumnType::i8:
      return as(std::int8_t{});
    case ColumnType::i16:
      return as(std::int16_t{});
    case ColumnType::i32:
      return as(std::int32_t{});
    case ColumnType::i64:
      return as(std::int64_t{});
  }
  return 0;
}

}  // namespace

struct Series::Impl {
  const RowType* type;
  std::vector<SeriesElement> elements;
  std::vector<Chunk> chunks;
  std::vector<std::byte> pending;
  bool sealed = false;

  explicit Impl(const RowType& row_type) : type(&row_type), elements(series_elements(row_type)) {}

  void flush(std::size_t rows) {
    Chunk chunk;
    chunk.rows = static_cast<std::int64_t>(rows);
    std::vector<std::int64_t> values(rows);
    for (const SeriesElement& element : elements) {
      for (std::size_t i = 0; i < rows; ++i)
        values[i] = widened(pending.data() + i * type->size + element.offset, element.column->type);
      chunk.elements.push_back(encode_column(values, element.column->type));
    }
    chunks.push_back(std::move(chunk));
    pending.erase(pending.begin(),
                  pending.begin() + static_cast<std::ptrdiff_t>(rows * type->size));
  }

  [[nodiscard]] std::int64_t rows() const {
    return chunks.empty()
               ? 0
               : static_cast<std::int64_t>(chunks.size() - 1) * kChunkRows + chunks.back().rows;
  }

  [[nodiscard]] std::optional<std::size_t> find(std::string_view column,
                                                std::uint32_t element) const {
    for (std::size_t i = 0; i < elements.size(); ++i)
      if (elements[i].column->name == column) {
        if (element >= elements[i].column->count) return std::nullopt;
        return i + element;
      }
    return std::nullopt;
  }
};

Series::Series(const RowType& type) : impl_(std::make_unique<Impl>(type)) {}
Series::~Series() = default;

void Series::append(std::span<const std::byte> rows) {
  if (impl_->sealed) throw std::logic_error("rows appended to a sealed series");
  if (rows.size() % impl_->type->size != 0)
    throw std::invalid_argument("not a whole number of rows");
  const std::size_t chunk_bytes = static_cast<std::size_t>(kChunkRows) * impl_->type->size;
  while (!rows.empty()) {
    const std::size_t count = std::min(rows.size(), chunk_bytes - impl_->pending.size());
    impl_->pending.insert(impl_->pending.end(), rows.begin(),
                          rows.begin() + static_cast<std::ptrdiff_t>(count));
    rows = rows.subspan(count);
    if (impl_->pending.size() == chunk_bytes) impl_->flush(static_cast<std::size_t>(kChunkRows));
  }
}

void Series::seal() {
  if (impl_->sealed) return;
  if (!impl_->pending.empty()) impl_->flush(impl_->pending.size() / impl_->type->size);
  impl_->sealed = true;
}

std::vector<std::byte> Series::encode() const {
  if (!impl_->sealed) throw std::logic_error("a series is encoded before it is sealed");
  SeriesIndex index;
  index.type = impl_->type;
  index.elements = impl_->elements;
  index.rows = impl_->rows();
  for (std::size_t element = 0; element < impl_->elements.size(); ++element)
    for (const Chunk& chunk : impl_->chunks) {
      const EncodedColumn& column = chunk.elements[element];
      index.entries.push_back({column.min, column.max, 0,
                               static_cast<std::uint32_t>(column.payload.size()),
                               payload_checksum(column.payload), column.encoding});
    }
  std::vector<std::byte> file = write_series_index(index);
  for (std::size_t element = 0; element < impl_->elements.size(); ++element)
    for (const Chunk& chunk : impl_->chunks) {
      const auto& payload = chunk.elements[element].payload;
      file.insert(file.end(), payload.begin(), payload.end());
    }
  return file;
}

Expected<std::unique_ptr<Series>> Series::decode(std::span<const std::byte> file) {
  const auto head =
      series_index_bytes(file.first(std::min(file.size(), kSeriesHeadBytes)), file.size());
  if (!head) return tl::unexpected(head.error());
  const auto index = read_series_index(file.first(static_cast<std::size_t>(*head)), file.size());
  if (!index) return tl::unexpected(index.error());
  auto series = std::make_unique<Series>(*index->type);
  Impl& impl = *series->impl_;
  for (std::size_t number = 0; number < index->chunks; ++number) {
    Chunk chunk;
    chunk.rows = static_cast<std::int64_t>(index->rows_in(number));
    for (std::size_t element = 0; element < index->elements.size(); ++element) {
      const SeriesEntry& entry = index->entry(element, number);
      const auto payload = file.subspan(static_cast<std::size_t>(entry.offset), entry.bytes);
      if (payload_checksum(payload) != entry.checksum)
        return damaged_series("a chunk does not match its checksum");
      chunk.elements.push_back(
          {entry.min, entry.max, entry.encoding, {payload.begin(), payload.end()}});
    }
    impl.chunks.push_back(std::move(chunk));
  }
  impl.sealed = true;
  return series;
}

const RowType& Series::type() const { return *impl_->type; }

std::int64_t Series::row_count() const { return impl_->rows(); }

specs::ColumnBounds Series::bounds(std::string_view column, std::uint32_t element,
                                   std::int64_t chunk) const {
  const auto index = impl_->find(column, element);
  if (!index || chunk < 0 || chunk >= static_cast<std::int64_t>(impl_->chunks.size())) return {};
  const EncodedColumn& found = impl_->chunks[static_cast<std::size_t>(chunk)].elements[*index];
  return {found.min, found.max};
}

Expected<void> Series::read(std::string_view column, std::uint32_t element, std::int64_t first,
                            std::span<std::int64_t> into) const {
  const auto index = impl_->find(column, element);
  if (!index)
    return fail(ErrorCode::internal,
                fmt::format("Rows of {} have no column {}.", type().name, column));
  const auto count = static_cast<std::int64_t>(into.size());
  if (first < 0 || count > row_count() - first)
    return fail(ErrorCode::internal, fmt::format("Rows {} to {} of {} do not exist.", first,
                                                 first + count, type().name));
  std::vector<std::int64_t> values;
  while (!into.empty()) {
    const Chunk& chunk = impl_->chunks[static_cast<std::size_t>(first / kChunkRows)];
    const std::int64_t skipped = first % kChunkRows;
    const auto wanted =
        std::min<std::size_t>(into.size(), static_cast<std::size_t>(chunk.rows - skipped));
    const ColumnType column_type = impl_->elements[*index].column->type;
    if (skipped == 0 && wanted == static_cast<std::size_t>(chunk.rows)) {
      if (auto done = decode_column(chunk.elements[*index], column_type, into.first(wanted)); !done)
        return done;
    } else {
      values.resize(static_cast<std::size_t>(chunk.rows));
      if (auto done = decode_column(chunk.elements[*index], column_type, values); !done)
        return done;
      std::copy_n(values.begin() + skipped, wanted, into.begin());
    }
    first += static_cast<std::int64_t>(wanted);
    into = into.subspan(wanted);
  }
  return {};
}

std::size_t Series::stored_bytes() const {
  std::size_t bytes = 0;
  for (const Chunk& chunk : impl_->chunks)
    for (const EncodedColumn& element : chunk.elements) bytes += element.payload.size() + 25;
  return bytes;
}

}  // namespace cleangate::dam
