// SPDX-License-Identifier: Apache-2.0
#include "dam/series.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "dam/column_codec.h"

namespace cleangate::dam {
namespace {

using probes::Column;
using probes::ColumnType;
using probes::RowType;

// One element of one column: what is compressed on its own.
struct Element {
  const Column* column;
  std::uint32_t offset;  // bytes from the start of the row
};

struct Chunk {
  std::int64_t rows = 0;
  std::vector<EncodedColumn> elements;
};

std::vector<Element> elements_of(const RowType& type) {
  std::vector<Element> elements;
  for (const Column& column : type.columns)
    for (std::uint32_t i = 0; i < column.count; ++i)
      elements.push_back(
          {&column, column.offset + i * static_cast<std::uint32_t>(probes::size_of(column.type))});
  return elements;
}

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

constexpr char kMagic[8] = {'C', 'G', 'S', 'E', 'R', 'I', 'E', 'S'};
constexpr std::uint16_t kFormat = 1;

class Writer {
 public:
  template <class T>
  void number(T value) {  // little-endian, as the machine: x86-64 and aarch64 both are
    const auto* at = reinterpret_cast<const std::byte*>(&value);
    bytes_.insert(bytes_.end(), at, at + sizeof value);
  }
  void bytes(std::span<const std::byte> piece) {
    bytes_.insert(bytes_.end(), piece.begin(), piece.end());
  }
  [[nodiscard]] std::vector<std::byte> take() { return std::move(bytes_); }

 private:
  std::vector<std::byte> bytes_;
};

// Reads within bounds; the first read beyond them sets `failed`, and zeros follow.
class Reader {
 public:
  explicit Reader(std::span<const std::byte> bytes) : bytes_(bytes) {}
  template <class T>
  T number() {
    T value{};
    const auto piece = take(sizeof value);
    if (!piece.empty()) std::memcpy(&value, piece.data(), sizeof value);
    return value;
  }
  std::span<const std::byte> take(std::size_t size) {
    if (size > bytes_.size()) {
      failed_ = true;
      return {};
    }
    const auto piece = bytes_.first(size);
    bytes_ = bytes_.subspan(size);
    return piece;
  }
  [[nodiscard]] bool failed() const { return failed_; }
  [[nodiscard]] std::size_t left() const { return bytes_.size(); }

 private:
  std::span<const std::byte> bytes_;
  bool failed_ = false;
};

tl::unexpected<Error> damaged(std::string_view what) {
  return fail(ErrorCode::damaged, fmt::format("A series file is damaged: {}.", what));
}

}  // namespace

struct Series::Impl {
  const RowType* type;
  std::vector<Element> elements;
  std::vector<Chunk> chunks;
  std::vector<std::byte> pending;
  bool sealed = false;

  explicit Impl(const RowType& row_type) : type(&row_type), elements(elements_of(row_type)) {}

  void flush(std::size_t rows) {
    Chunk chunk;
    chunk.rows = static_cast<std::int64_t>(rows);
    std::vector<std::int64_t> values(rows);
    for (const Element& element : elements) {
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
  Writer out;
  out.bytes(std::as_bytes(std::span(kMagic)));
  out.number(kFormat);
  out.number(static_cast<std::uint16_t>(impl_->type->name.size()));
  out.bytes(std::as_bytes(std::span(impl_->type->name.data(), impl_->type->name.size())));
  out.number(impl_->type->version);
  out.number(impl_->type->size);
  out.number(static_cast<std::uint32_t>(impl_->elements.size()));
  out.number(static_cast<std::uint32_t>(kChunkRows));
  out.number(static_cast<std::uint64_t>(impl_->rows()));
  for (const Chunk& chunk : impl_->chunks)
    for (const EncodedColumn& element : chunk.elements) {
      out.number(element.min);
      out.number(element.max);
      out.number(static_cast<std::uint8_t>(element.encoding));
      out.number(static_cast<std::uint32_t>(element.payload.size()));
    }
  for (const Chunk& chunk : impl_->chunks)
    for (const EncodedColumn& element : chunk.elements) out.bytes(element.payload);
  return out.take();
}

Expected<std::unique_ptr<Series>> Series::decode(std::span<const std::byte> file) {
  constexpr std::size_t kEntryBytes = 8 + 8 + 1 + 4;
  Reader in(file);
  const auto magic = in.take(sizeof kMagic);
  if (magic.empty() || std::memcmp(magic.data(), kMagic, sizeof kMagic) != 0)
    return damaged("it does not begin as one");
  if (in.number<std::uint16_t>() != kFormat)
    return fail(ErrorCode::unsupported,
                "A series file has a newer format than this program knows; update Cleangate.");
  const auto name = in.take(in.number<std::uint16_t>());
  const std::string row(reinterpret_cast<const char*>(name.data()), name.size());
  const auto version = in.number<std::uint16_t>();
  const auto size = in.number<std::uint32_t>();
  const auto elements = in.number<std::uint32_t>();
  const auto chunk_rows = in.number<std::uint32_t>();
  const auto rows = in.number<std::uint64_t>();
  if (in.failed()) return damaged("its head is cut");
  const RowType* type = probes::find_row_type(row, version);
  if (!type)
    return fail(
        ErrorCode::unsupported,
        fmt::format("A series holds rows of {} version {}, which this program does not know.", row,
                    version));
  auto series = std::make_unique<Series>(*type);
  Impl& impl = *series->impl_;
  if (size != type->size || elements != impl.elements.size() || chunk_rows != kChunkRows)
    return damaged("its columns are not those of its row type");
  const std::uint64_t chunks = rows / chunk_rows + (rows % chunk_rows != 0);
  if (chunks > in.left() / (kEntryBytes * elements))
    return damaged("it promises more rows than it holds");
  for (std::uint64_t i = 0; i < chunks; ++i) {
    Chunk chunk;
    chunk.rows =
        static_cast<std::int64_t>(i + 1 < chunks ? chunk_rows : rows - (chunks - 1) * chunk_rows);
    chunk.elements.resize(elements);
    for (EncodedColumn& element : chunk.elements) {
      element.min = in.number<std::int64_t>();
      element.max = in.number<std::int64_t>();
      const auto encoding = in.number<std::uint8_t>();
      const auto bytes = in.number<std::uint32_t>();
      const bool constant = encoding == static_cast<std::uint8_t>(Encoding::constant);
      if (encoding > static_cast<std::uint8_t>(Encoding::delta) || element.min > element.max ||
          bytes > file.size() || (constant && (bytes != 0 || element.min != element.max)))
        return damaged("a chunk's entry contradicts itself");
      element.encoding = static_cast<Encoding>(encoding);
      element.payload.resize(bytes);
    }
    impl.chunks.push_back(std::move(chunk));
  }
  for (Chunk& chunk : impl.chunks)
    for (EncodedColumn& element : chunk.elements) {
      const auto payload = in.take(element.payload.size());
      if (in.failed()) return damaged("its chunks are cut");
      std::copy(payload.begin(), payload.end(), element.payload.begin());
    }
  if (in.left() != 0) return damaged("bytes follow its end");
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
    for (const EncodedColumn& element : chunk.elements) bytes += element.payload.size() + 21;
  return bytes;
}

}  // namespace cleangate::dam
