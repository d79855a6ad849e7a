// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/error.h"
#include "pipeline/worker/isolation.h"
#include "probes/request.h"
#include "probes/sink.h"

// What parent and worker say to each other over a stream socket. A record is a 32-bit little-endian
// payload length, one byte of type, and the payload. The parent sends one `request`; the worker
// answers
//
//   hello, then progress and heartbeats at any time; header, rows…, facts; done — or error, which
//   may come at any time after hello and ends everything.
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
  error = 9
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

// Parent to worker. The worker needs no path: it gets a descriptor.
struct Request {
  Errand errand = Errand::measure;
  Isolation isolation = Isolation::automatic;
  std::uint64_t address_space_bytes = 0;
  std::uint64_t cpu_seconds = 0;
  std::int32_t parent = 0;  // process id; a worker whose parent is another one ends at once
  probes::MeasureRequest measure;
  friend bool operator==(const Request&, const Request&) = default;
};

// A run of whole rows, borrowed.
struct Rows {
  probes::SeriesId id;
  std::span<const std::byte> bytes;
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

// Each fails with ErrorCode::protocol when the payload is not exactly one valid value.
[[nodiscard]] Expected<Request> decode_request(std::span<const std::byte> payload);
[[nodiscard]] Expected<IsolationReport> decode_hello(std::span<const std::byte> payload);
[[nodiscard]] Expected<probes::Progress> decode_progress(std::span<const std::byte> payload);
[[nodiscard]] Expected<Error> decode_error(std::span<const std::byte> payload);
[[nodiscard]] Expected<std::uint64_t> decode_heartbeat(std::span<const std::byte> payload);
[[nodiscard]] Expected<Rows> decode_rows(std::span<const std::byte> payload);

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
