// SPDX-License-Identifier: Apache-2.0
#include "dam/stored_series.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <limits>
#include <utility>
#include <vector>

#include "core/text.h"
#include "dam/files.h"
#include "dam/series_format.h"
#include "dam/sqlite.h"

namespace cleangate::dam {
namespace {

Error named(const std::string& path, const Error& error) {
  return {error.code, fmt::format("{}: {}", readable(path), error.message)};
}

Expected<SeriesIndex> index_of(int descriptor, std::uint64_t size) {
  std::vector<std::byte> bytes(static_cast<std::size_t>(std::min<std::uint64_t>(size, 4096)));
  if (auto read = read_at(descriptor, 0, bytes); !read) return tl::unexpected(read.error());
  const auto length =
      series_index_bytes(std::span(bytes).first(std::min(bytes.size(), kSeriesHeadBytes)), size);
  if (!length) return tl::unexpected(length.error());
  const std::size_t had = bytes.size();
  bytes.resize(static_cast<std::size_t>(*length));
  if (bytes.size() > had)
    if (auto read = read_at(descriptor, had, std::span(bytes).subspan(had)); !read)
      return tl::unexpected(read.error());
  return read_series_index(bytes, size);
}

}  // namespace

struct StoredSeries::Impl {
  std::string path;
  File file;
  SeriesIndex index;
  mutable std::atomic<std::uint64_t> fetched{0};
  mutable std::atomic<bool> failed{false};

  // Chunks [first, end) of one element: their payloads lie side by side, so one read fetches them.
  Expected<std::vector<std::byte>> fetch(std::size_t element, std::size_t first,
                                         std::size_t end) const {
    const std::uint64_t from = index.entry(element, first).offset;
    const SeriesEntry& last = index.entry(element, end - 1);
    std::vector<std::byte> bytes(static_cast<std::size_t>(last.offset + last.bytes - from));
    if (auto read = read_at(file.get(), from, bytes); !read) {
      failed = true;
      return tl::unexpected(named(path, read.error()));
    }
    fetched += bytes.size();
    return bytes;
  }

  Expected<void> unpack(std::size_t element, std::size_t chunk, std::span<const std::byte> payload,
                        std::span<std::int64_t> values) const {
    const SeriesEntry& entry = index.entry(element, chunk);
    Expected<void> done = damaged_series("a chunk does not match its checksum");
    if (payload_checksum(payload) == entry.checksum)
      done = decode_column(entry.encoding, entry.min, payload, index.elements[element].column->type,
                           values);
    if (done) return {};
    failed = true;
    return tl::unexpected(named(path, done.error()));
  }
};

StoredSeries::StoredSeries(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
StoredSeries::~StoredSeries() = default;

Expected<std::unique_ptr<StoredSeries>> StoredSeries::open(const std::string& path) {
  return guarded([&] {
    File file = open_file(path, O_RDONLY | O_NOFOLLOW);
    struct stat about {};
    if (fstat(file.get(), &about) != 0 || !S_ISREG(about.st_mode))
      throw_failure(ErrorCode::damaged, fmt::format("{} is not a file.", readable(path)));
    auto index = index_of(file.get(), static_cast<std::uint64_t>(about.st_size));
    if (!index) throw Failure(named(path, index.error()));
    return std::unique_ptr<StoredSeries>(new StoredSeries(
        std::unique_ptr<Impl>(new Impl{path, std::move(file), std::move(*index)})));
  });
}

const probes::RowType& StoredSeries::type() const { return *impl_->index.type; }
std::int64_t StoredSeries::row_count() const { return impl_->index.rows; }
std::int64_t StoredSeries::chunk_rows() const { return kSeriesChunkRows; }
std::uint64_t StoredSeries::bytes_read() const { return impl_->fetched; }
bool StoredSeries::failed() const { return impl_->failed; }

specs::ColumnBounds StoredSeries::bounds(std::string_view column, std::uint32_t element,
                                         std::int64_t chunk) const {
  const auto found = impl_->index.find(column, element);
  if (!found || chunk < 0 || static_cast<std::size_t>(chunk) >= impl_->index.chunks) return {};
  const SeriesEntry& entry = impl_->index.entry(*found, static_cast<std::size_t>(chunk));
  return {entry.min, entry.max};
}

Expected<void> StoredSeries::read(std::string_view column, std::uint32_t element,
                                  std::int64_t first, std::span<std::int64_t> into) const {
  const SeriesIndex& index = impl_->index;
  const auto found = index.find(column, element);
  if (!found)
    return fail(ErrorCode::internal,
                fmt::format("Rows of {} have no column {}.", type().name, column));
  const auto count = static_cast<std::int64_t>(into.size());
  if (first < 0 || count > index.rows - first)
    return fail(ErrorCode::internal, fmt::format("Rows {} to {} of {} do not exist.", first,
                                                 first + count, type().name));
  if (into.empty()) return {};
  const auto begin = static_cast<std::size_t>(first);
  const std::size_t first_chunk = begin / kSeriesChunkRows;
  const std::size_t end_chunk = (begin + into.size() - 1) / kSeriesChunkRows + 1;
  const auto bytes = impl_->fetch(*found, first_chunk, end_chunk);
  if (!bytes) return tl::unexpected(bytes.error());
  std::size_t skipped = begin % kSeriesChunkRows, at = 0;
  std::vector<std::int64_t> whole;
  for (std::size_t chunk = first_chunk; chunk < end_chunk; ++chunk, skipped = 0) {
    const auto payload = std::span(*bytes).subspan(at, index.entry(*found, chunk).bytes);
    at += payload.size();
    const std::size_t rows = index.rows_in(chunk);
    const std::size_t wanted = std::min(into.size(), rows - skipped);
    const bool direct = wanted == rows;
    if (!direct) whole.resize(rows);
    auto done = impl_->unpack(*found, chunk, payload, direct ? into.first(rows) : std::span(whole));
    if (!done) return done;
    if (!direct)
      std::copy_n(whole.begin() + static_cast<std::ptrdiff_t>(skipped), wanted, into.begin());
    into = into.subspan(wanted);
  }
  return {};
}

DamagedSeries::DamagedSeries(const probes::RowType& type, std::int64_t rows, Error why)
    : type_(&type), rows_(rows), why_(std::move(why)) {}

std::int64_t DamagedSeries::chunk_rows() const { return kSeriesChunkRows; }

specs::ColumnBounds DamagedSeries::bounds(std::string_view, std::uint32_t, std::int64_t) const {
  return {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};
}

Expected<void> DamagedSeries::read(std::string_view, std::uint32_t, std::int64_t,
                                   std::span<std::int64_t>) const {
  return tl::unexpected(why_);
}

}  // namespace cleangate::dam
