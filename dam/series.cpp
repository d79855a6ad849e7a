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

// One value of each row, `row_bytes` apart.
void widen(const std::byte* at, std::size_t row_bytes, ColumnType type,
           std::span<std::int64_t> values) {
  const auto as = [&]<class T>(T value) {
    for (std::int64_t& wide : values) {
      std::memcpy(&value, at, sizeof value);
      wide = static_cast<std::int64_t>(value);
      at += row_bytes;
    }
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
}

}  // namespace

// Rows of the last chunk stay as they came until the series becomes a file: what is judged at once
// and not kept is never packed.
struct Series::Impl {
  const RowType* type;
  std::vector<SeriesElement> elements;
  std::vector<Chunk> chunks;
  std::vector<std::byte> pending;
  bool sealed = false;

  explicit Impl(const RowType& row_type) : type(&row_type), elements(series_elements(row_type)) {}

  [[nodiscard]] std::size_t pending_rows() const { return pending.size() / type->size; }

  void gather(std::size_t element, std::size_t first, std::span<std::int64_t> values) const {
    widen(pending.data() + first * type->size + elements[element].offset, type->size,
          elements[element].column->type, values);
  }

  [[nodiscard]] Chunk packed() const {
    Chunk chunk;
    chunk.rows = static_cast<std::int64_t>(pending_rows());
    std::vector<std::int64_t> values(pending_rows());
    for (std::size_t i = 0; i < elements.size(); ++i) {
      gather(i, 0, values);
      chunk.elements.push_back(encode_column(values, elements[i].column->type));
    }
    return chunk;
  }

  [[nodiscard]] std::int64_t packed_rows() const {
    return chunks.empty()
               ? 0
               : static_cast<std::int64_t>(chunks.size() - 1) * kChunkRows + chunks.back().rows;
  }
  [[nodiscard]] std::int64_t rows() const {
    return packed_rows() + (sealed ? static_cast<std::int64_t>(pending_rows()) : 0);
  }

  [[nodiscard]] std::optional<std::size_t> find(std::string_view column,
                                                std::uint32_t element) const {
    return element_place(*type, column, element);
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
    if (impl_->pending.size() < chunk_bytes) continue;
    impl_->chunks.push_back(impl_->packed());
    impl_->pending.clear();
  }
}

void Series::seal() { impl_->sealed = true; }

std::vector<std::byte> Series::encode() const {
  if (!impl_->sealed) throw std::logic_error("a series is encoded before it is sealed");
  SeriesIndex index;
  index.type = impl_->type;
  index.elements = impl_->elements;
  index.rows = impl_->rows();
  std::vector<const Chunk*> chunks;
  for (const Chunk& chunk : impl_->chunks) chunks.push_back(&chunk);
  Chunk last;
  if (!impl_->pending.empty()) chunks.push_back(&(last = impl_->packed()));
  for (std::size_t element = 0; element < impl_->elements.size(); ++element)
    for (const Chunk* chunk : chunks) {
      const EncodedColumn& column = chunk->elements[element];
      index.entries.push_back({column.min, column.max, 0,
                               static_cast<std::uint32_t>(column.payload.size()),
                               payload_checksum(column.payload), column.encoding});
    }
  std::vector<std::byte> file = write_series_index(index);
  for (std::size_t element = 0; element < impl_->elements.size(); ++element)
    for (const Chunk* chunk : chunks) {
      const auto& payload = chunk->elements[element].payload;
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
  const auto packed = static_cast<std::int64_t>(impl_->chunks.size());
  if (!index || chunk < 0 || chunk > packed) return {};
  if (chunk < packed) {
    const EncodedColumn& found = impl_->chunks[static_cast<std::size_t>(chunk)].elements[*index];
    return {found.min, found.max};
  }
  if (!impl_->sealed || impl_->pending.empty()) return {};
  std::vector<std::int64_t> values(impl_->pending_rows());
  impl_->gather(*index, 0, values);
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  return {*low, *high};
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
    if (first >= impl_->packed_rows()) {
      impl_->gather(*index, static_cast<std::size_t>(first - impl_->packed_rows()), into);
      break;
    }
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

}  // namespace cleangate::dam
