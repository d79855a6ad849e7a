// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/session.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "pipeline/worker/wire.h"
#include "probes/audio/energy_row.h"
#include "probes/picture/frame_time_row.h"
#include "tests/pipeline/worker/recording_sink.h"

namespace cleangate::worker {
namespace {

using Bytes = std::vector<std::byte>;
constexpr std::uint64_t kFileBytes = 1000;

const IsolationReport kReport{true, 7, true, true, true, "full", ""};

class SessionTest : public ::testing::Test {
 protected:
  explicit SessionTest(Checkpoints* checkpoints = nullptr)
      : session(sink, {Errand::measure, probes::Depth::decode, kFileBytes, limits, checkpoints}) {}
  // "" when accepted, else why not.
  std::string say(const Bytes& record) {
    const Record cut{static_cast<RecordType>(record[4]),
                     std::span(record).subspan(kRecordPrefixSize)};
    const auto accepted = session.accept(cut);
    if (accepted) return "";
    EXPECT_EQ(accepted.error().code, ErrorCode::protocol);
    return accepted.error().message;
  }
  std::string say_rows(const probes::SeriesId& id, std::size_t bytes) {
    Bytes record = encode_rows_prefix(id, bytes);
    record.resize(record.size() + bytes);
    return say(record);
  }
  void greet() {
    ASSERT_EQ(say(encode(kReport)), "");
    ASSERT_EQ(say(encode_facts(RecordType::header, test::two_stream_facts(kFileBytes))), "");
  }
  static Bytes facts() {
    return encode_facts(RecordType::facts, test::two_stream_facts(kFileBytes));
  }

  test::RecordingSink sink;
  SessionLimits limits{.series = 8, .rows_per_series = 100, .row_bytes = 3'000};
  Session session;
  const probes::SeriesId picture{0, -1, -1, -1, "video.frame_time", 2, ""};
  const probes::SeriesId sound{1,
                               0,
                               -1,
                               -1,
                               std::string(probes::AudioEnergyRow::kType.name),
                               probes::AudioEnergyRow::kType.version,
                               ""};
};

class KeptPieces final : public Checkpoints {
 public:
  [[nodiscard]] int earlier() const override { return had_earlier ? 0 : -1; }
  void keep(std::span<const std::byte> block) override {
    kept.emplace_back(block.begin(), block.end());
  }
  void goes_on(const PieceHead& head) override { went_on.push_back(head); }
  bool had_earlier = false;
  std::vector<Bytes> kept;
  std::vector<PieceHead> went_on;
};

class RememberingSession : public SessionTest {
 protected:
  RememberingSession() : SessionTest(&pieces) {}
  std::string say_piece(const PieceHead& head, std::size_t bytes) {
    Bytes record = encode_piece_prefix(head, bytes);
    record.resize(record.size() + bytes, std::byte{7});
    return say(record);
  }
  KeptPieces pieces;
  const PieceHead piece{0, 24, 48, 20, 0.96};
};

TEST_F(RememberingSession, PiecesAreKeptAsTheyCome) {
  greet();
  EXPECT_EQ(say_piece(piece, 100), "");
  ASSERT_EQ(pieces.kept.size(), 1u);
  const auto again = decode_piece(pieces.kept[0]);
  ASSERT_TRUE(again);
  EXPECT_EQ(again->head, piece);
  EXPECT_EQ(again->payload.size(), 100u);
  EXPECT_EQ(say(facts()), "");
  EXPECT_NE(say_piece(piece, 100), "") << "after the facts";
}

TEST_F(RememberingSession, OnlyWhoWasGivenAMemoryGoesOn) {
  greet();
  EXPECT_NE(say(encode_goes_on(piece)), "");
  pieces.had_earlier = true;
  EXPECT_EQ(say(encode_goes_on(piece)), "");
  EXPECT_EQ(pieces.went_on, std::vector<PieceHead>{piece});
}

TEST_F(RememberingSession, WhatCannotBeIsRefused) {
  greet();
  EXPECT_NE(say_piece({1, 0, 24, 0, 0}, 10), "") << "a stream of sound";
  EXPECT_NE(say_piece({-1, 0, 24, 0, 0}, 10), "");
  EXPECT_NE(say_piece({0, 24, 24, 0, 0}, 10), "");
  EXPECT_NE(say_piece({0, -1, 24, 0, 0}, 10), "");
  EXPECT_NE(say_piece({0, 0, 24, 0, std::numeric_limits<double>::infinity()}, 10), "");
  EXPECT_NE(say_piece(piece, limits.row_bytes), "") << "more than the file can give";
  EXPECT_TRUE(pieces.kept.empty());
}

TEST_F(SessionTest, APieceThatNobodyAskedForIsRefused) {
  greet();
  Bytes record = encode_piece_prefix({0, 0, 24, 0, 0}, 4);
  record.resize(record.size() + 4);
  EXPECT_NE(say(record), "");
}

TEST_F(SessionTest, AWholeTaleIsAccepted) {
  greet();
  EXPECT_EQ(say_rows(picture, 48), "");
  EXPECT_EQ(say_rows(picture, 24), "");
  EXPECT_EQ(say_rows(sound, probes::AudioEnergyRow::kType.size), "");
  EXPECT_EQ(say(encode_heartbeat(1)), "");
  EXPECT_EQ(say(encode(probes::Progress{10, 1000, 3, 0.1})), "");
  EXPECT_FALSE(session.ended());
  EXPECT_EQ(say(facts()), "");
  EXPECT_EQ(say(encode_done()), "");
  EXPECT_TRUE(session.done());
  EXPECT_EQ(session.hello(), kReport);
  EXPECT_EQ(sink.header_facts, test::two_stream_facts(kFileBytes));
  EXPECT_EQ(session.facts(), test::two_stream_facts(kFileBytes));
  EXPECT_FALSE(sink.final_facts) << "the client hands over the final facts, not the session";
  EXPECT_EQ(sink.series.at(picture).size(), 72u);
}

TEST_F(SessionTest, NothingComesBeforeHello) {
  EXPECT_EQ(say(encode_heartbeat(1)), "no hello first");
}

TEST_F(SessionTest, NothingComesAfterTheEnd) {
  greet();
  EXPECT_EQ(say(facts()), "");
  EXPECT_EQ(say(encode_done()), "");
  EXPECT_EQ(say(encode_heartbeat(1)), "a record after the last one");
}

TEST_F(SessionTest, OrderIsKept) {
  EXPECT_EQ(say(encode(kReport)), "");
  EXPECT_EQ(say(encode(kReport)), "a second hello");
  EXPECT_EQ(say_rows(picture, 24), "rows before the header");
  EXPECT_EQ(say(facts()), "facts before the header");
  EXPECT_EQ(say(encode_done()), "done without facts");
  const auto header = encode_facts(RecordType::header, test::two_stream_facts(kFileBytes));
  EXPECT_EQ(say(header), "");
  EXPECT_EQ(say(header), "a second header");
  EXPECT_EQ(say(facts()), "");
  EXPECT_EQ(say(facts()), "facts twice");
  EXPECT_EQ(say_rows(picture, 24), "rows after the facts");
  EXPECT_EQ(say(encode(Request{})), "a record that only the parent sends");
}

TEST_F(SessionTest, AnErrorEndsItAtAnyTime) {
  EXPECT_EQ(say(encode(kReport)), "");
  EXPECT_EQ(say(encode(Error{ErrorCode::not_media, "It is\ntext \x1b[31m."})), "");
  EXPECT_TRUE(session.ended());
  ASSERT_TRUE(session.error());
  EXPECT_EQ(session.error()->code, ErrorCode::not_media);
  EXPECT_EQ(session.error()->message.find('\n'), std::string::npos);
  EXPECT_EQ(session.error()->message.find('\x1b'), std::string::npos);
}

TEST_F(SessionTest, RowsNeedAKnownType) {
  greet();
  auto id = picture;
  id.row = "picture.nonsense";
  EXPECT_EQ(say_rows(id, 24), "rows of the unknown type \"picture.nonsense\" version 2");
  id = picture;
  id.version = 60'000;
  EXPECT_EQ(say_rows(id, 24), "rows of the unknown type \"video.frame_time\" version 60000");
}

TEST_F(SessionTest, RowsAreWhole) {
  greet();
  EXPECT_EQ(say_rows(picture, 23), "23 bytes of rows of 24 bytes");
  EXPECT_EQ(say_rows(picture, 0), "0 bytes of rows of 24 bytes");
  EXPECT_TRUE(sink.series.empty());
}

TEST_F(SessionTest, RowsNeedAStreamThatExists) {
  greet();
  for (const int stream : {-1, 4096, 1 << 30}) {
    auto id = picture;
    id.stream = stream;
    EXPECT_EQ(say_rows(id, 24), "rows of stream " + std::to_string(stream));
  }
  EXPECT_TRUE(sink.series.empty());
  auto id = picture;
  id.stream = 2;
  EXPECT_EQ(say_rows(id, 24), "") << "it may still show up";
  EXPECT_EQ(say(facts()), "rows of stream 2, which does not exist");
  EXPECT_FALSE(session.facts());
}

TEST_F(SessionTest, AStreamMayShowUpWhileReading) {
  greet();
  auto id = picture;
  id.stream = 2;
  EXPECT_EQ(say_rows(id, 24), "");
  auto grown = test::two_stream_facts(kFileBytes);
  grown.streams.push_back(grown.streams[0]);
  grown.streams[2].index = 2;
  EXPECT_EQ(say(encode_facts(RecordType::facts, grown)), "");
}

TEST_F(SessionTest, RowsFitTheKindOfTheirStream) {
  greet();
  const std::size_t size = probes::AudioEnergyRow::kType.size;
  auto id = picture;
  id.stream = 1;
  EXPECT_NE(say_rows(id, 24), "");
  id = picture;
  id.channel = 0;
  EXPECT_NE(say_rows(id, 24), "");
  id = sound;
  id.stream = 0;
  EXPECT_NE(say_rows(id, size), "");
  for (const int channel : {-1, 512}) {
    id = sound;
    id.channel = channel;
    EXPECT_NE(say_rows(id, size), "") << channel;
  }
  id = sound;
  id.other_stream = 1;  // half a pair
  EXPECT_NE(say_rows(id, size), "");
  id.other_channel = 1;
  EXPECT_EQ(say_rows(id, size), "");
  id = sound;
  id.parameters = "\xff";
  EXPECT_NE(say_rows(id, size), "");
}

TEST_F(SessionTest, TheNumberOfSeriesIsBounded) {
  greet();
  const std::size_t size = probes::AudioEnergyRow::kType.size;
  std::string refused;
  int accepted = 0;
  for (int i = 0; i < 1'000'000 && refused.empty(); ++i) {
    auto id = sound;
    id.parameters = std::to_string(i);
    refused = say_rows(id, size);
    if (refused.empty()) ++accepted;
  }
  EXPECT_EQ(accepted, 8);
  EXPECT_EQ(refused, "more than 8 series");
}

TEST_F(SessionTest, TheNumberOfRowsIsBounded) {
  greet();
  EXPECT_EQ(say_rows(picture, 24 * 100), "");
  EXPECT_EQ(say_rows(picture, 24), "more rows than a file of this size can give");
}

TEST_F(SessionTest, TheBytesOfAllRowsAreBounded) {
  greet();
  std::string refused;
  for (int channel = 0; channel < 8 && refused.empty(); ++channel) {
    auto id = sound;
    id.channel = channel;
    const std::size_t size = probes::AudioEnergyRow::kType.size;
    refused = say_rows(id, 100 * size);
  }
  EXPECT_EQ(refused, "more rows than a file of this size can give");
}

TEST_F(SessionTest, FactsMustBeThoseOfTheFile) {
  EXPECT_EQ(say(encode(kReport)), "");
  EXPECT_EQ(say(encode_facts(RecordType::header, test::two_stream_facts(999))),
            "facts of a file of 999 bytes; it has 1000");
  auto facts = test::two_stream_facts(kFileBytes);
  facts.depth = probes::Depth::packets;
  EXPECT_EQ(say(encode_facts(RecordType::header, facts)), "facts of another depth than asked for");
  facts = test::two_stream_facts(kFileBytes);
  facts.streams[1].index = 7;
  EXPECT_NE(say(encode_facts(RecordType::header, facts)), "");
  WireWriter writer;
  const std::string nonsense = "{\"streams\": [";
  writer.u32(static_cast<std::uint32_t>(nonsense.size()));
  writer.u8(static_cast<std::uint8_t>(RecordType::header));
  writer.raw(std::as_bytes(std::span(nonsense)));
  EXPECT_NE(say(writer.bytes()), "");
  EXPECT_FALSE(sink.header_facts);
}

TEST_F(SessionTest, OnlyWhatIsNewAdvances) {
  greet();
  EXPECT_EQ(say(encode_heartbeat(5)), "");
  const auto before = session.advances();
  EXPECT_EQ(say(encode_heartbeat(5)), "");
  EXPECT_EQ(session.advances(), before);
  EXPECT_EQ(say(encode_heartbeat(6)), "");
  EXPECT_GT(session.advances(), before);
  EXPECT_EQ(say(encode(probes::Progress{10, 1000, 0, 0})), "");
  const auto after = session.advances();
  EXPECT_EQ(say(encode(probes::Progress{10, 1000, 0, 0})), "");
  EXPECT_EQ(session.advances(), after);
}

TEST_F(SessionTest, ProgressStaysWithinTheFile) {
  greet();
  EXPECT_EQ(say(encode(probes::Progress{~std::uint64_t{0}, 5, 1, 0})), "");
  ASSERT_TRUE(sink.last_progress);
  EXPECT_EQ(sink.last_progress->bytes_done, kFileBytes);
  EXPECT_EQ(sink.last_progress->bytes_total, kFileBytes);
}

TEST_F(SessionTest, AProbeBringsNoFacts) {
  Session probe(sink, {Errand::probe, probes::Depth::header, 0, limits});
  const auto accept = [&probe](const Bytes& record) {
    return probe.accept(
        {static_cast<RecordType>(record[4]), std::span(record).subspan(kRecordPrefixSize)});
  };
  EXPECT_TRUE(accept(encode(kReport)));
  EXPECT_FALSE(accept(encode_facts(RecordType::header, test::two_stream_facts(0))));
  EXPECT_TRUE(accept(encode_done()));
}

TEST(SessionLimits, GrowWithTheFileUpToABound) {
  EXPECT_EQ(limits_for(0).row_bytes, std::uint64_t{256} << 20);
  EXPECT_EQ(limits_for(1 << 20).row_bytes, (std::uint64_t{256} << 20) + (std::uint64_t{1} << 30));
  EXPECT_EQ(limits_for(~std::uint64_t{0}).row_bytes, std::uint64_t{16} << 30);
}

// Whatever is said after a true beginning, nothing breaks and the sink gets whole rows only.
TEST(SessionProperty, RandomRecordsNeverBreakIt) {
  std::mt19937 random(7);
  for (int round = 0; round < 500; ++round) {
    test::RecordingSink sink;
    Session session(sink, {Errand::measure, probes::Depth::decode, kFileBytes, {}});
    const auto hello = encode(kReport);
    const auto header = encode_facts(RecordType::header, test::two_stream_facts(kFileBytes));
    ASSERT_TRUE(session.accept({RecordType::hello, std::span(hello).subspan(kRecordPrefixSize)}));
    ASSERT_TRUE(session.accept({RecordType::header, std::span(header).subspan(kRecordPrefixSize)}));
    Bytes rows = encode_rows_prefix({0, -1, -1, -1, "video.frame_time", 2, ""}, 48);
    rows.resize(rows.size() + 48);
    for (int i = 0; i < 3; ++i)
      rows[kRecordPrefixSize + random() % (rows.size() - kRecordPrefixSize)] =
          std::byte(random() & 0xff);
    (void)session.accept({RecordType::rows, std::span(rows).subspan(kRecordPrefixSize)});
    const auto facts = encode_facts(RecordType::facts, test::two_stream_facts(kFileBytes));
    const bool ended =
        session.accept({RecordType::facts, std::span(facts).subspan(kRecordPrefixSize)})
            .has_value();
    for (const auto& [id, bytes] : sink.series) {
      EXPECT_EQ(bytes.size() % 24, 0u);
      EXPECT_TRUE(!ended || id.stream == 0);
    }
  }
}

}  // namespace
}  // namespace cleangate::worker
