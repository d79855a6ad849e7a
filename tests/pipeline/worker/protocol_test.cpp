// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/protocol.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "pipeline/worker/wire.h"

namespace cleangate::worker {
namespace {

std::span<const std::byte> payload_of(const std::vector<std::byte>& record) {
  return std::span(record).subspan(kRecordPrefixSize);
}

Request a_request() {
  Request request;
  request.remember = Remember::go_on;
  request.errand = Errand::probe;
  request.isolation = Isolation::strict;
  request.address_space_bytes = 5ull << 30;
  request.cpu_seconds = 77;
  request.parent = 4321;
  request.measure.depth = probes::Depth::packets;
  request.measure.rows = {"picture.luma", "audio.energy"};
  request.measure.digests = {"md5"};
  request.measure.threads = 7;
  request.measure.memory_bytes = 123;
  request.measure.essence_hints = true;
  return request;
}

IsolationReport a_report() { return {true, 7, true, false, true, "partial", "limits: RLIMIT_AS"}; }

// Every shorter payload is refused, and so is a longer one.
template <class Decode>
void expect_exact(const std::vector<std::byte>& record, Decode decode) {
  const auto payload = payload_of(record);
  EXPECT_TRUE(decode(payload));
  for (std::size_t length = 0; length < payload.size(); ++length)
    EXPECT_FALSE(decode(payload.first(length))) << length;
  auto longer = record;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(decode(payload_of(longer)));
}

TEST(Protocol, RecordsComeBack) {
  EXPECT_EQ(decode_request(payload_of(encode(a_request()))).value(), a_request());
  EXPECT_EQ(decode_hello(payload_of(encode(a_report()))).value(), a_report());
  const Error error{ErrorCode::not_media, "No demuxer knows it."};
  EXPECT_EQ(decode_error(payload_of(encode(error))).value(), error);
  EXPECT_EQ(decode_heartbeat(payload_of(encode_heartbeat(99))).value(), 99u);
  const auto progress = decode_progress(payload_of(encode(probes::Progress{1, 2, 3, 4.5})));
  ASSERT_TRUE(progress);
  EXPECT_EQ(progress->bytes_done, 1u);
  EXPECT_EQ(progress->bytes_total, 2u);
  EXPECT_EQ(progress->frames_done, 3);
  EXPECT_EQ(progress->media_seconds, 4.5);
}

TEST(Protocol, RowsComeBack) {
  const probes::SeriesId id{3, 1, 4, 0, "audio.energy", 2, "window=10"};
  auto record = encode_rows_prefix(id, 5);
  for (int i = 0; i < 5; ++i) record.push_back(std::byte(i));
  const auto rows = decode_rows(payload_of(record));
  ASSERT_TRUE(rows);
  EXPECT_EQ(rows->id, id);
  EXPECT_EQ(rows->bytes.size(), 5u);
  WireReader prefix(record);
  EXPECT_EQ(prefix.u32(), record.size() - kRecordPrefixSize);
}

TEST(Protocol, TruncatedAndOverlongPayloadsAreRefused) {
  expect_exact(encode(a_request()), decode_request);
  expect_exact(encode(a_report()), decode_hello);
  expect_exact(encode(probes::Progress{}), decode_progress);
  expect_exact(encode(Error{ErrorCode::io, "Reading failed."}), decode_error);
  expect_exact(encode_heartbeat(1), decode_heartbeat);
}

TEST(Protocol, AnotherVersionIsRefused) {
  auto record = encode(a_report());
  record[kRecordPrefixSize + 4] = std::byte{2};
  const auto hello = decode_hello(payload_of(record));
  ASSERT_FALSE(hello);
  EXPECT_EQ(hello.error().code, ErrorCode::protocol);
  EXPECT_NE(hello.error().message.find("version 2, not 1"), std::string::npos);
}

TEST(Protocol, ValuesOutOfRangeAreRefused) {
  auto report = a_report();
  report.level = "splendid";
  EXPECT_FALSE(decode_hello(payload_of(encode(report))));
  report = a_report();
  report.landlock_abi = -1;
  EXPECT_FALSE(decode_hello(payload_of(encode(report))));
  EXPECT_FALSE(decode_progress(
      payload_of(encode(probes::Progress{0, 0, 0, std::numeric_limits<double>::quiet_NaN()}))));
  EXPECT_FALSE(decode_progress(payload_of(encode(probes::Progress{0, 0, -1, 0}))));
  WireWriter unknown_code;
  unknown_code.text("no_such_code");
  unknown_code.text("");
  EXPECT_FALSE(decode_error(unknown_code.bytes()));
}

TEST(Protocol, LongMessagesAreCutNotRefused) {
  const Error error{ErrorCode::damaged, std::string(100'000, 'x')};
  const auto record = encode(error);
  EXPECT_LE(record.size() - kRecordPrefixSize,
            payload_limit(static_cast<std::uint8_t>(RecordType::error)));
  const auto decoded = decode_error(payload_of(record));
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->message.size(), 4096u);
}

// What the parent has to hold at once, outside every sandbox.
TEST(Protocol, FactsAreBounded) {
  for (const RecordType type : {RecordType::header, RecordType::facts}) {
    EXPECT_LE(payload_limit(static_cast<std::uint8_t>(type)), std::size_t{16} << 20);
    probes::AssetFacts much;  // the most that a pass tells of damage
    for (int i = 0; i < 11'000; ++i) much.container_damage.push_back({0, i, std::string(512, 'x')});
    EXPECT_LE(encode_facts(type, much).size(), payload_limit(static_cast<std::uint8_t>(type)));
  }
}

TEST(RecordReader, RecordsArriveWholeHoweverTheyAreCut) {
  std::vector<std::byte> stream;
  for (std::uint64_t i = 0; i < 5; ++i) {
    const auto record = encode_heartbeat(i);
    stream.insert(stream.end(), record.begin(), record.end());
  }
  for (std::size_t step = 1; step <= stream.size(); ++step) {
    RecordReader reader;
    std::uint64_t seen = 0;
    for (std::size_t at = 0; at < stream.size(); at += step) {
      reader.feed(std::span(stream).subspan(at, std::min(step, stream.size() - at)));
      for (auto record = reader.next(); record && *record; record = reader.next())
        EXPECT_EQ(decode_heartbeat((*record)->payload).value(), seen++);
    }
    EXPECT_EQ(seen, 5u) << "in steps of " << step;
    EXPECT_EQ(reader.pending(), 0u);
  }
}

TEST(RecordReader, AHugeLengthIsRefusedBeforeItsBytesArrive) {
  for (int type = 1; type <= 9; ++type) {
    WireWriter prefix;
    prefix.u32(0xffffffff);
    prefix.u8(static_cast<std::uint8_t>(type));
    RecordReader reader;
    reader.feed(prefix.bytes());
    const auto record = reader.next();
    ASSERT_FALSE(record) << type;
    EXPECT_EQ(record.error().code, ErrorCode::protocol);
  }
}

TEST(RecordReader, UnknownTypesAreRefused) {
  for (const int type : {0, 12, 255}) {
    WireWriter prefix;
    prefix.u32(0);
    prefix.u8(static_cast<std::uint8_t>(type));
    RecordReader reader;
    reader.feed(prefix.bytes());
    EXPECT_FALSE(reader.next()) << type;
  }
}

TEST(RecordReader, RandomBytesNeverPassForARequest) {
  std::mt19937 random(20'260'101);
  for (int round = 0; round < 2000; ++round) {
    std::vector<std::byte> bytes(random() % 200);
    for (auto& byte : bytes) byte = std::byte(random() & 0xff);
    if (bytes.size() > 4) {  // let the framing pass, so that the payload is looked at
      bytes[0] = std::byte(bytes.size() - kRecordPrefixSize);
      bytes[1] = bytes[2] = bytes[3] = std::byte{0};
    }
    RecordReader reader;
    reader.feed(bytes);
    const auto record = reader.next();
    if (!record || !*record) continue;
    EXPECT_FALSE(decode_request((*record)->payload));
  }
}

}  // namespace
}  // namespace cleangate::worker
