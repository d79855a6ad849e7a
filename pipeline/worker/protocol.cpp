// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/protocol.h"

#include <fmt/format.h>

#include <cmath>

#include "core/block_log.h"
#include "pipeline/worker/wire.h"

namespace cleangate::worker {
namespace {

constexpr std::size_t kTextLimit = 4096;  // bytes of a message or a name
constexpr std::uint32_t kListLimit = 1024;
constexpr std::uint32_t kMagic = 0x57474c43;  // "CLGW"

std::vector<std::byte> framed(RecordType type, std::span<const std::byte> payload) {
  WireWriter record;
  record.u32(static_cast<std::uint32_t>(payload.size()));
  record.u8(static_cast<std::uint8_t>(type));
  record.raw(payload);
  return record.bytes();
}

tl::unexpected<Error> malformed(std::string_view what) {
  return fail(ErrorCode::protocol, fmt::format("a malformed {} record", what));
}

// A text that fits, cut where it does not.
std::string_view fitting(std::string_view text) { return text.substr(0, kTextLimit); }

void write_list(WireWriter& writer, const std::vector<std::string>& list) {
  writer.u32(static_cast<std::uint32_t>(list.size()));
  for (const auto& text : list) writer.text(text);
}

std::optional<std::vector<std::string>> read_list(WireReader& reader) {
  const std::uint32_t count = reader.u32();
  if (count > kListLimit) return std::nullopt;
  std::vector<std::string> list;
  for (std::uint32_t i = 0; i < count && reader.intact(); ++i)
    list.push_back(reader.text(kTextLimit));
  return list;
}

void write_head(WireWriter& writer, const PieceHead& head) {
  writer.i32(head.stream);
  writer.i64(head.first);
  writer.i64(head.end);
  writer.i64(head.frame);
  writer.f64(head.seconds);
}

std::optional<PieceHead> read_head(WireReader& reader) {
  PieceHead head;
  head.stream = reader.i32();
  head.first = reader.i64();
  head.end = reader.i64();
  head.frame = reader.i64();
  head.seconds = reader.f64();
  if (!reader.intact() || head.stream < 0 || head.first < 0 || head.end <= head.first ||
      head.frame < 0 || !std::isfinite(head.seconds))
    return std::nullopt;
  return head;
}

}  // namespace

std::size_t payload_limit(std::uint8_t type) {
  switch (static_cast<RecordType>(type)) {
    case RecordType::request:
    case RecordType::hello:
    case RecordType::error:
      return std::size_t{1} << 16;
    case RecordType::progress:
    case RecordType::heartbeat:
    case RecordType::goes_on:
    case RecordType::done:
      return 64;
    case RecordType::piece:
      return kMostBlockBytes;
    case RecordType::rows:
      return kRowBytesPerRecord + (std::size_t{1} << 16);
    case RecordType::header:
    case RecordType::facts:
      return std::size_t{16} << 20;
  }
  return 0;
}

std::vector<std::byte> encode(const Request& request) {
  WireWriter writer;
  writer.u32(kMagic);
  writer.u32(kProtocolVersion);
  writer.u8(static_cast<std::uint8_t>(request.errand));
  writer.u8(static_cast<std::uint8_t>(request.isolation));
  writer.u64(request.address_space_bytes);
  writer.u64(request.cpu_seconds);
  writer.u8(static_cast<std::uint8_t>(request.remember));
  writer.i32(request.parent);
  writer.u8(static_cast<std::uint8_t>(request.measure.depth));
  write_list(writer, request.measure.rows);
  write_list(writer, request.measure.digests);
  writer.i32(request.measure.threads);
  writer.u64(request.measure.memory_bytes);
  writer.u8(request.measure.essence_hints ? 1 : 0);
  return framed(RecordType::request, writer.bytes());
}

Expected<Request> decode_request(std::span<const std::byte> payload) {
  WireReader reader(payload);
  if (reader.u32() != kMagic) return malformed("request");
  if (reader.u32() != kProtocolVersion)
    return fail(ErrorCode::protocol, "a request of another protocol version");
  Request request;
  const std::uint8_t errand = reader.u8(), isolation = reader.u8();
  request.errand = static_cast<Errand>(errand);
  request.isolation = static_cast<Isolation>(isolation);
  request.address_space_bytes = reader.u64();
  request.cpu_seconds = reader.u64();
  const std::uint8_t remember = reader.u8();
  request.remember = static_cast<Remember>(remember);
  request.parent = reader.i32();
  const std::uint8_t depth = reader.u8();
  request.measure.depth = static_cast<probes::Depth>(depth);
  auto rows = read_list(reader), digests = read_list(reader);
  request.measure.threads = reader.i32();
  request.measure.memory_bytes = reader.u64();
  request.measure.essence_hints = reader.flag();
  if (!reader.finished() || !rows || !digests || errand > 1 || isolation > 2 || depth > 2 ||
      remember > 2)
    return malformed("request");
  request.measure.rows = std::move(*rows);
  request.measure.digests = std::move(*digests);
  return request;
}

std::vector<std::byte> encode(const IsolationReport& hello) {
  WireWriter writer;
  writer.u32(kMagic);
  writer.u32(kProtocolVersion);
  writer.u8(hello.no_new_privs ? 1 : 0);
  writer.i32(hello.landlock_abi);
  writer.u8(hello.seccomp ? 1 : 0);
  writer.u8(hello.rlimits ? 1 : 0);
  writer.u8(hello.single_threaded_at_start ? 1 : 0);
  writer.text(hello.level);
  writer.text(fitting(hello.missing));
  return framed(RecordType::hello, writer.bytes());
}

Expected<IsolationReport> decode_hello(std::span<const std::byte> payload) {
  WireReader reader(payload);
  if (reader.u32() != kMagic) return malformed("hello");
  if (const std::uint32_t version = reader.u32(); version != kProtocolVersion)
    return fail(ErrorCode::protocol,
                fmt::format("protocol version {}, not {}", version, kProtocolVersion));
  IsolationReport report;
  report.no_new_privs = reader.flag();
  report.landlock_abi = reader.i32();
  report.seccomp = reader.flag();
  report.rlimits = reader.flag();
  report.single_threaded_at_start = reader.flag();
  report.level = reader.text(16);
  report.missing = reader.text(kTextLimit);
  const bool known_level =
      report.level == "full" || report.level == "partial" || report.level == "off";
  if (!reader.finished() || !known_level || report.landlock_abi < 0) return malformed("hello");
  return report;
}

std::vector<std::byte> encode(const probes::Progress& progress) {
  WireWriter writer;
  writer.u64(progress.bytes_done);
  writer.u64(progress.bytes_total);
  writer.i64(progress.frames_done);
  writer.f64(progress.media_seconds);
  return framed(RecordType::progress, writer.bytes());
}

Expected<probes::Progress> decode_progress(std::span<const std::byte> payload) {
  WireReader reader(payload);
  probes::Progress progress;
  progress.bytes_done = reader.u64();
  progress.bytes_total = reader.u64();
  progress.frames_done = reader.i64();
  progress.media_seconds = reader.f64();
  if (!reader.finished() || progress.frames_done < 0 || !std::isfinite(progress.media_seconds))
    return malformed("progress");
  return progress;
}

std::vector<std::byte> encode(const Error& error) {
  WireWriter writer;
  writer.text(to_string(error.code));
  writer.text(fitting(error.message));
  return framed(RecordType::error, writer.bytes());
}

Expected<Error> decode_error(std::span<const std::byte> payload) {
  WireReader reader(payload);
  const auto code = parse_error_code(reader.text(64));
  std::string message = reader.text(kTextLimit);
  if (!reader.finished() || !code) return malformed("error");
  return Error{*code, std::move(message)};
}

std::vector<std::byte> encode_heartbeat(std::uint64_t advances) {
  WireWriter writer;
  writer.u64(advances);
  return framed(RecordType::heartbeat, writer.bytes());
}

Expected<std::uint64_t> decode_heartbeat(std::span<const std::byte> payload) {
  WireReader reader(payload);
  const std::uint64_t advances = reader.u64();
  if (!reader.finished()) return malformed("heartbeat");
  return advances;
}

std::vector<std::byte> encode_done() { return framed(RecordType::done, {}); }

std::vector<std::byte> encode_facts(RecordType type, const probes::AssetFacts& facts) {
  const std::string json = probes::to_json(facts);
  return framed(type, std::as_bytes(std::span(json)));
}

std::vector<std::byte> encode_rows_prefix(const probes::SeriesId& id, std::size_t row_bytes) {
  WireWriter payload;
  payload.i32(id.stream);
  payload.i32(id.channel);
  payload.i32(id.other_stream);
  payload.i32(id.other_channel);
  payload.u16(id.version);
  payload.text(id.row);
  payload.text(id.parameters);
  WireWriter record;
  record.u32(static_cast<std::uint32_t>(payload.bytes().size() + row_bytes));
  record.u8(static_cast<std::uint8_t>(RecordType::rows));
  record.raw(payload.bytes());
  return record.bytes();
}

Expected<Rows> decode_rows(std::span<const std::byte> payload) {
  WireReader reader(payload);
  Rows rows;
  rows.id.stream = reader.i32();
  rows.id.channel = reader.i32();
  rows.id.other_stream = reader.i32();
  rows.id.other_channel = reader.i32();
  rows.id.version = reader.u16();
  rows.id.row = reader.text(64);
  rows.id.parameters = reader.text(kTextLimit);
  if (!reader.intact()) return malformed("rows");
  rows.bytes = reader.remainder();
  return rows;
}

std::vector<std::byte> encode_piece_prefix(const PieceHead& head, std::size_t payload_bytes) {
  WireWriter record;
  record.u32(static_cast<std::uint32_t>(kPieceHeadBytes + payload_bytes));
  record.u8(static_cast<std::uint8_t>(RecordType::piece));
  write_head(record, head);
  return record.bytes();
}

Expected<Piece> decode_piece(std::span<const std::byte> payload) {
  WireReader reader(payload);
  const auto head = read_head(reader);
  if (!head) return malformed("piece");
  return Piece{*head, reader.remainder()};
}

std::vector<std::byte> encode_goes_on(const PieceHead& head) {
  WireWriter writer;
  write_head(writer, head);
  return framed(RecordType::goes_on, writer.bytes());
}

Expected<PieceHead> decode_goes_on(std::span<const std::byte> payload) {
  WireReader reader(payload);
  const auto head = read_head(reader);
  if (!head || !reader.finished()) return malformed("goes_on");
  return *head;
}

void RecordReader::feed(std::span<const std::byte> bytes) {
  buffer_.erase(buffer_.begin(), buffer_.begin() + static_cast<std::ptrdiff_t>(begin_));
  begin_ = 0;
  buffer_.insert(buffer_.end(), bytes.begin(), bytes.end());
}

Expected<std::optional<Record>> RecordReader::next() {
  const std::span<const std::byte> rest = std::span(buffer_).subspan(begin_);
  if (rest.size() < kRecordPrefixSize) return std::nullopt;
  WireReader prefix(rest);
  const std::uint32_t length = prefix.u32();
  const std::uint8_t type = prefix.u8();
  const std::size_t limit = payload_limit(type);
  if (limit == 0)
    return fail(ErrorCode::protocol, fmt::format("a record of the unknown type {}", type));
  if (length > limit)
    return fail(ErrorCode::protocol,
                fmt::format("a record of {} bytes where {} are the most", length, limit));
  if (rest.size() - kRecordPrefixSize < length) return std::nullopt;
  begin_ += kRecordPrefixSize + length;
  return Record{static_cast<RecordType>(type), rest.subspan(kRecordPrefixSize, length)};
}

}  // namespace cleangate::worker
