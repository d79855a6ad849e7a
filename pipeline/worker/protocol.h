// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "pipeline/worker/checkpoints.h"
#include "pipeline/worker/isolation.h"
#include "probes/request.h"
#include "probes/sink.h"

// What parent and worker say to each other over a stream socket. A record is a 32-bit little-endian
// payload length, one byte of type, and the payload. The parent sends one `request`; the worker
// answers
//
//   hello, then progress and heartbeats at any time; header, rows…, facts; done — or error, which
//   may come at any time after hello and ends everything. Where the request asks to remember:
//   pieces, and a goes_on for a stream, between header and facts.
//
// Decoders here check one record by itself; Session checks it against those before it.
namespace cleangate::worker {

inline constexpr std::uint32_t kProtocolVersion = 1;

enum class RecordType : std::uint8_t {
  request = 1,
  hello = 2,
  header = 3,
  rows = 4,
  progress = 5,
  heartbeat = 6,
  facts = 7,
  done = 8,
  error = 9,
  piece = 10,
  goes_on = 11
};

inline constexpr std::size_t kRecordPrefixSize = 5;
// Longest payload of a type, in bytes; 0 for a number that is no type.
[[nodiscard]] std::size_t payload_limit(std::uint8_t type);
// Longest run of rows in one record; longer ones are cut by the sender.
inline constexpr std::size_t kRowBytesPerRecord = std::size_t{1} << 20;

// One record, borrowed from the buffer it arrived in.
struct Record {
  RecordType type = RecordType::done;
  std::span<const std::byte> payload;
};

enum class Errand : std::uint8_t {
  measure,
  probe  // report the isolation and end
};

enum class Remember : std::uint8_t {
  nothing,
  keep,   // hand over pieces of what is decoded
  go_on,  // that, and kMemoryDescriptor has the blocks that were kept before
};

// Parent to worker. The worker needs no path: it gets a descriptor.
struct Request {
  Errand errand = Errand::measure;
  Isolation isolation = Isolation::automatic;
  std::uint64_t address_space_bytes = 0;
  std::uint64_t cpu_seconds = 0;
  Remember remember = Remember::nothing;
  std::int32_t parent = 0;  // process id; a worker whose parent is another one ends at once
  probes::MeasureRequest measure;
  friend bool operator==(const Request&, const Request&) = default;
};

// A run of whole rows, borrowed.
struct Rows {
  probes::SeriesId id;
  std::span<const std::byte> bytes;
};

// A piece of decoding, its payload borrowed and opaque to the parent.
struct Piece {
  PieceHead head;
  std::span<const std::byte> payload;
};

[[nodiscard]] std::vector<std::byte> encode(const Request& request);
[[nodiscard]] std::vector<std::byte> encode(const IsolationReport& hello);
[[nodiscard]] std::vector<std::byte> encode(const probes::Progress& progress);
[[nodiscard]] std::vector<std::byte> encode(const Error& error);
// `advances` is any number that changes whenever the worker has got further.
[[nodiscard]] std::vector<std::byte> encode_heartbeat(std::uint64_t advances);
[[nodiscard]] std::vector<std::byte> encode_done();
// `type` is header or facts.
[[nodiscard]] std::vector<std::byte> encode_facts(RecordType type, const probes::AssetFacts& facts);
// Everything of a rows record but the rows, whose bytes follow it on the wire.
[[nodiscard]] std::vector<std::byte> encode_rows_prefix(const probes::SeriesId& id,
                                                        std::size_t row_bytes);
// Everything of a piece record but the payload, which follows it on the wire.
[[nodiscard]] std::vector<std::byte> encode_piece_prefix(const PieceHead& head,
                                                         std::size_t payload_bytes);
[[nodiscard]] std::vector<std::byte> encode_goes_on(const PieceHead& head);
inline constexpr std::size_t kPieceHeadBytes = 36;

// Each fails with ErrorCode::protocol when the payload is not exactly one valid value.
[[nodiscard]] Expected<Request> decode_request(std::span<const std::byte> payload);
[[nodiscard]] Expected<IsolationReport> decode_hello(std::span<const std::byte> payload);
[[nodiscard]] Expected<probes::Progress> decode_progress(std::span<const std::byte> payload);
[[nodiscard]] Expected<Error> decode_error(std::span<const std::byte> payload);
[[nodiscard]] Expected<std::uint64_t> decode_heartbeat(std::span<const std::byte> payload);
[[nodiscard]] Expected<Rows> decode_rows(std::span<const std::byte> payload);
// Of a piece record, or of a block kept (Checkpoints), which is the same bytes.
[[nodiscard]] Expected<Piece> decode_piece(std::span<const std::byte> payload);
[[nodiscard]] Expected<PieceHead> decode_goes_on(std::span<const std::byte> payload);

// Cuts a byte stream into records. Memory grows with the bytes that arrived, never with a length
// that was only announced.
class RecordReader {
 public:
  void feed(std::span<const std::byte> bytes);
  // The next whole record, or nothing until more bytes are fed; fails with ErrorCode::protocol on a
  // type that does not exist or a length over its limit. The record is valid until the next feed.
  [[nodiscard]] Expected<std::optional<Record>> next();
  // Bytes of a record whose rest has not arrived.
  [[nodiscard]] std::size_t pending() const { return buffer_.size() - begin_; }

 private:
  std::vector<std::byte> buffer_;
  std::size_t begin_ = 0;
};

}  // namespace cleangate::worker
