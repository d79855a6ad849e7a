// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/channel.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

namespace cleangate::worker {
namespace {

constexpr std::size_t kBufferBytes = std::size_t{256} << 10;

}  // namespace

Channel::Channel(int socket) : socket_(socket) { buffer_.reserve(kBufferBytes); }

void Channel::send(std::span<const std::byte> record, std::span<const std::byte> rest) {
  const std::scoped_lock lock(mutex_);
  put(record);
  put(rest);
}

void Channel::flush() {
  const std::scoped_lock lock(mutex_);
  write_out(buffer_);
  buffer_.clear();
}

void Channel::put(std::span<const std::byte> bytes) {
  if (buffer_.size() + bytes.size() > kBufferBytes) {
    write_out(buffer_);
    buffer_.clear();
  }
  if (bytes.size() > kBufferBytes)
    write_out(bytes);
  else
    buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

void Channel::write_out(std::span<const std::byte> bytes) const {
  while (!bytes.empty()) {
    const ssize_t count = ::write(socket_, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) ::_exit(1);  // nobody listens: there is nothing left to do
    bytes = bytes.subspan(static_cast<std::size_t>(count));
  }
}

void RecordSink::header(const probes::AssetFacts& facts) {
  channel_.send(encode_facts(RecordType::header, facts));
  channel_.flush();
}

void RecordSink::rows(const probes::SeriesId& id, std::span<const std::byte> rows) {
  const probes::RowType* type = probes::find_row_type(id.row, id.version);
  const std::size_t size = type ? type->size : 1;
  const std::size_t most = std::max<std::size_t>(1, kRowBytesPerRecord / size) * size;
  while (!rows.empty()) {
    const auto part = rows.first(std::min(most, rows.size()));
    channel_.send(encode_rows_prefix(id, part.size()), part);
    rows = rows.subspan(part.size());
  }
}

void RecordSink::progress(const probes::Progress& progress) {
  channel_.send(encode(progress));
  channel_.flush();
}

void RecordSink::facts(const probes::AssetFacts& facts) {
  channel_.send(encode_facts(RecordType::facts, facts));
  complete_ = true;
}

RecordMemory::RecordMemory(Channel& channel, std::unique_ptr<ByteSource> earlier)
    : channel_(channel), earlier_(std::move(earlier)) {
  if (!earlier_) return;
  BlockReader reader(*earlier_);
  bool first = true;
  for (;;) {
    const auto block = reader.next();
    if (!block || !*block) return;
    if (std::exchange(first, false)) continue;  // the keeper's own
    const auto piece = decode_piece(**block);
    if (!piece) return;
    heads_.push_back(piece->head);
    places_.push_back({reader.place().offset + kPieceHeadBytes,
                       static_cast<std::uint32_t>(piece->payload.size())});
  }
}

Expected<std::vector<std::byte>> RecordMemory::payload(std::size_t piece) {
  std::vector<std::byte> bytes(places_.at(piece).bytes);
  const auto count = earlier_->read_at(places_[piece].offset, bytes);
  if (!count) return tl::unexpected(count.error());
  bytes.resize(*count);
  return bytes;
}

void RecordMemory::goes_on(const PieceHead& head) {
  channel_.send(encode_goes_on(head));
  channel_.flush();
}

void RecordMemory::keep(const PieceHead& head, std::span<const std::byte> payload) {
  if (payload.size() > kMostBlockBytes - kPieceHeadBytes) return;  // what comes after has a gap
  channel_.send(encode_piece_prefix(head, payload.size()), payload);
}

}  // namespace cleangate::worker
