// SPDX-License-Identifier: Apache-2.0
#include "dam/series_format.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <cstring>
#include <string>

namespace cleangate::dam {
namespace {

constexpr char kMagic[8] = {'C', 'G', 'S', 'E', 'R', 'I', 'E', 'S'};
constexpr std::uint16_t kFormat = 2;
constexpr std::size_t kEntryBytes = 8 + 8 + 1 + 4 + 4;
constexpr std::size_t kChecksumBytes = 8;

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
  [[nodiscard]] std::vector<std::byte>& written() { return bytes_; }

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

 private:
  std::span<const std::byte> bytes_;
  bool failed_ = false;
};

struct Head {
  std::string row;
  std::uint16_t version = 0;
  std::uint32_t row_bytes = 0, elements = 0, chunk_rows = 0;
  std::uint64_t rows = 0, chunks = 0, bytes = 0;
};

Expected<Head> read_head(Reader& in, std::uint64_t file_bytes) {
  const auto magic = in.take(sizeof kMagic);
  if (magic.empty() || std::memcmp(magic.data(), kMagic, sizeof kMagic) != 0)
    return damaged_series("it does not begin as one");
  const auto format = in.number<std::uint16_t>();
  if (format > kFormat)
    return fail(ErrorCode::unsupported,
                "A series file has a newer format than this program knows; update Cleangate.");
  if (format != kFormat) return damaged_series("its format was never kept in files");
  Head head;
  const auto name = in.take(in.number<std::uint16_t>());
  head.row.assign(reinterpret_cast<const char*>(name.data()), name.size());
  head.version = in.number<std::uint16_t>();
  head.row_bytes = in.number<std::uint32_t>();
  head.elements = in.number<std::uint32_t>();
  head.chunk_rows = in.number<std::uint32_t>();
  head.rows = in.number<std::uint64_t>();
  if (in.failed()) return damaged_series("its head is cut");
  if (head.chunk_rows != kSeriesChunkRows || head.elements == 0)
    return damaged_series("its columns are not those of its row type");
  head.chunks = head.rows / head.chunk_rows + (head.rows % head.chunk_rows != 0);
  if (head.chunks > file_bytes / (kEntryBytes * std::uint64_t{head.elements}))
    return damaged_series("it promises more rows than it holds");
  head.bytes = sizeof kMagic + 2 + 2 + name.size() + 2 + 4 + 4 + 4 + 8 +
               head.chunks * head.elements * kEntryBytes + kChecksumBytes;
  if (head.bytes > file_bytes) return damaged_series("its index is cut");
  return head;
}

Expected<SeriesEntry> read_entry(Reader& in, std::uint64_t& at, std::uint64_t file_bytes) {
  SeriesEntry entry;
  entry.min = in.number<std::int64_t>();
  entry.max = in.number<std::int64_t>();
  const auto encoding = in.number<std::uint8_t>();
  entry.bytes = in.number<std::uint32_t>();
  entry.checksum = in.number<std::uint32_t>();
  entry.offset = at;
  const bool constant = encoding == static_cast<std::uint8_t>(Encoding::constant);
  if (encoding > static_cast<std::uint8_t>(Encoding::delta) || entry.min > entry.max ||
      (constant && (entry.bytes != 0 || entry.checksum != 0 || entry.min != entry.max)))
    return damaged_series("a chunk's entry contradicts itself");
  entry.encoding = static_cast<Encoding>(encoding);
  if (entry.bytes > file_bytes - at) return damaged_series("its chunks are cut");
  at += entry.bytes;
  return entry;
}

}  // namespace

tl::unexpected<Error> damaged_series(std::string_view what) {
  return fail(ErrorCode::damaged, fmt::format("A series file is damaged: {}.", what));
}

std::size_t SeriesIndex::rows_in(std::size_t chunk) const {
  if (chunk + 1 < chunks) return kSeriesChunkRows;
  return static_cast<std::size_t>(rows) - (chunks - 1) * kSeriesChunkRows;
}

std::optional<std::size_t> SeriesIndex::find(std::string_view column, std::uint32_t element) const {
  return element_place(*type, column, element);
}

std::optional<std::size_t> element_place(const probes::RowType& type, std::string_view column,
                                         std::uint32_t element) {
  std::size_t before = 0;
  for (const probes::Column& each : type.columns) {
    if (each.name == column)
      return element < each.count ? std::optional(before + element) : std::nullopt;
    before += each.count;
  }
  return std::nullopt;
}

std::vector<SeriesElement> series_elements(const probes::RowType& type) {
  std::vector<SeriesElement> elements;
  for (const probes::Column& column : type.columns)
    for (std::uint32_t i = 0; i < column.count; ++i)
      elements.push_back(
          {&column, i,
           column.offset + i * static_cast<std::uint32_t>(probes::size_of(column.type))});
  return elements;
}

std::uint32_t payload_checksum(std::span<const std::byte> payload) {
  return payload.empty() ? 0
                         : static_cast<std::uint32_t>(XXH3_64bits(payload.data(), payload.size()));
}

std::vector<std::byte> write_series_index(const SeriesIndex& index) {
  Writer out;
  const probes::RowType& type = *index.type;
  out.bytes(std::as_bytes(std::span(kMagic)));
  out.number(kFormat);
  out.number(static_cast<std::uint16_t>(type.name.size()));
  out.bytes(std::as_bytes(std::span(type.name.data(), type.name.size())));
  out.number(type.version);
  out.number(type.size);
  out.number(static_cast<std::uint32_t>(index.elements.size()));
  out.number(kSeriesChunkRows);
  out.number(static_cast<std::uint64_t>(index.rows));
  for (const SeriesEntry& entry : index.entries) {
    out.number(entry.min);
    out.number(entry.max);
    out.number(static_cast<std::uint8_t>(entry.encoding));
    out.number(entry.bytes);
    out.number(entry.checksum);
  }
  const std::uint64_t checksum = XXH3_64bits(out.written().data(), out.written().size());
  out.number(checksum);
  return std::move(out.written());
}

Expected<std::uint64_t> series_index_bytes(std::span<const std::byte> first,
                                           std::uint64_t file_bytes) {
  Reader in(first);
  const auto head = read_head(in, file_bytes);
  if (!head) return tl::unexpected(head.error());
  return head->bytes;
}

Expected<SeriesIndex> read_series_index(std::span<const std::byte> bytes,
                                        std::uint64_t file_bytes) {
  Reader in(bytes);
  const auto head = read_head(in, file_bytes);
  if (!head) return tl::unexpected(head.error());
  if (head->bytes != bytes.size()) return damaged_series("its index is cut");
  std::uint64_t checksum = 0;
  std::memcpy(&checksum, bytes.data() + bytes.size() - kChecksumBytes, kChecksumBytes);
  if (XXH3_64bits(bytes.data(), bytes.size() - kChecksumBytes) != checksum)
    return damaged_series("its index does not match its checksum");
  SeriesIndex index;
  index.type = probes::find_row_type(head->row, head->version);
  if (!index.type)
    return fail(
        ErrorCode::unsupported,
        fmt::format("A series holds rows of {} version {}, which this program does not know.",
                    head->row, head->version));
  index.elements = series_elements(*index.type);
  if (head->row_bytes != index.type->size || head->elements != index.elements.size())
    return damaged_series("its columns are not those of its row type");
  index.rows = static_cast<std::int64_t>(head->rows);
  index.chunks = static_cast<std::size_t>(head->chunks);
  index.file_bytes = file_bytes;
  index.entries.reserve(index.chunks * index.elements.size());
  std::uint64_t at = head->bytes;
  for (std::size_t i = 0; i < index.chunks * index.elements.size(); ++i) {
    const auto entry = read_entry(in, at, file_bytes);
    if (!entry) return tl::unexpected(entry.error());
    index.entries.push_back(*entry);
  }
  if (at != file_bytes) return damaged_series("bytes follow its end");
  return index;
}

}  // namespace cleangate::dam
