// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/decoded_piece.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "pipeline/pass/decode_keeper.h"

namespace cleangate::pass {
namespace {

constexpr std::size_t kRowBytes = 4;

FrameRecord frame(std::int64_t packet) {
  FrameRecord frame;
  frame.packet = packet;
  frame.geometry = 1920u << 16 | 1080;
  frame.format = {0, 1920, 1080, packet < 15 ? "4:2:0" : "4:2:2", 8};
  if (packet > 10)
    frame.format.color = ColorDescription{
        ColorPrimaries::bt2020,
        packet < 15 ? TransferCharacteristics::bt2020_10 : TransferCharacteristics::smpte2084,
        static_cast<MatrixCoefficients>(200), SignalRange::full};
  if (packet > 14) frame.format.pixel_aspect = Rational(64, 45);
  frame.interlaced = packet % 2 == 0;
  frame.top_field_first = packet % 3 == 0;
  frame.repeat_field = packet % 5 == 0;
  frame.damaged = packet % 7 == 0;
  frame.rows.assign(kRowBytes, static_cast<std::byte>(packet));
  return frame;
}

DecodedPiece a_piece() {
  DecodedPiece piece;
  piece.begin = {10, {12, 13}, 0.4};
  piece.end = {20, {21}, 0.8};
  piece.frame = 9;
  for (const std::int64_t packet : {10, 14, 15, 21}) piece.frames.push_back(frame(packet));
  piece.frames[1].rows.clear();
  piece.frames[1].unmeasured = "Pictures of this format cannot be measured.";
  piece.errors = {{14, "ac-tex damaged"}, {std::nullopt, "of nobody"}};
  piece.claims.width = 1920;
  piece.claims.pixel_aspect = Rational(64, 45);
  piece.claims.profile = "Main";
  piece.claims.alpha = false;
  piece.claims.color.primaries = ColorPrimaries::bt709;
  piece.claims.color.range = SignalRange::narrow;
  return piece;
}

const Sha256 kBasis{{1, 2, 3}};

std::optional<DecodedPiece> read(std::span<const std::byte> payload) {
  return decode_piece(payload, a_piece().head(0), kBasis, kRowBytes);
}

TEST(DecodedPiece, ComesBackAsItWas) {
  const DecodedPiece piece = a_piece();
  const auto back = read(encode(piece, kBasis));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->begin.leading, piece.begin.leading);
  EXPECT_EQ(back->end.leading, piece.end.leading);
  EXPECT_EQ(back->end.seconds, piece.end.seconds);
  EXPECT_EQ(back->claims, piece.claims);
  EXPECT_EQ(back->errors, piece.errors);
  ASSERT_EQ(back->frames.size(), piece.frames.size());
  for (std::size_t i = 0; i < piece.frames.size(); ++i) {
    const FrameRecord &is = back->frames[i], &was = piece.frames[i];
    EXPECT_EQ(is.packet, was.packet);
    EXPECT_EQ(is.geometry, was.geometry);
    EXPECT_EQ(is.format, was.format);
    EXPECT_EQ(is.damaged, was.damaged);
    EXPECT_EQ(is.interlaced, was.interlaced);
    EXPECT_EQ(is.top_field_first, was.top_field_first);
    EXPECT_EQ(is.repeat_field, was.repeat_field);
    EXPECT_EQ(is.rows, was.rows);
    EXPECT_EQ(is.unmeasured, was.unmeasured);
    EXPECT_TRUE(is.finished);
  }
  EXPECT_EQ(encode(*back, kBasis), encode(piece, kBasis));
}

TEST(DecodedPiece, OwnsItsPacketsAndThoseThatLeadItsEnd) {
  const DecodedPiece piece = a_piece();
  for (const std::int64_t packet : {10, 11, 14, 19, 21}) EXPECT_TRUE(piece.owns(packet)) << packet;
  for (const std::int64_t packet : {-1, 9, 12, 13, 20, 22}) EXPECT_FALSE(piece.owns(packet));
}

TEST(DecodedPiece, WhatIsNotExactlyOneIsNone) {
  const auto payload = encode(a_piece(), kBasis);
  for (std::size_t size = 0; size < payload.size(); ++size)
    EXPECT_FALSE(read(std::span(payload).first(size))) << size;
  auto longer = payload;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(read(longer));
  EXPECT_FALSE(decode_piece(payload, a_piece().head(0), Sha256{}, kRowBytes)) << "another basis";
  EXPECT_FALSE(decode_piece(payload, a_piece().head(0), kBasis, kRowBytes + 1)) << "other rows";
  EXPECT_FALSE(decode_piece(payload, {0, 11, 20, 9, 0.4}, kBasis, kRowBytes)) << "other packets";
  DecodedPiece foreign = a_piece();
  foreign.frames.push_back(frame(20));
  EXPECT_FALSE(read(encode(foreign, kBasis)));
  foreign = a_piece();
  foreign.errors.push_back({9, "of the piece before"});
  EXPECT_FALSE(read(encode(foreign, kBasis)));
}

// The seeds of the fuzz target are what they are called.
TEST(DecodedPiece, SeedsAreRead) {
  const auto seed = [](const std::string& name) {
    std::ifstream in(CLEANGATE_SOURCE_DIR "/tests/fuzz/corpus/piece/" + name, std::ios::binary);
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    Sha256 basis;
    for (std::size_t i = 0; i < 32; ++i) basis.bytes[i] = static_cast<std::uint8_t>(i);
    return decode_piece(std::as_bytes(std::span(text)), {0, 10, 40, 5, 0.5}, basis, 8);
  };
  EXPECT_TRUE(seed("plain"));
  EXPECT_TRUE(seed("formats"));
  EXPECT_TRUE(seed("open_with_errors"));
  EXPECT_FALSE(seed("not_owned"));
  EXPECT_FALSE(seed("many_frames"));
}

struct Kept final : DecodeMemory {
  [[nodiscard]] const std::vector<PieceHead>& pieces() const override { return none; }
  [[nodiscard]] Expected<std::vector<std::byte>> payload(std::size_t) override {
    return fail(ErrorCode::internal, "");
  }
  void goes_on(const PieceHead&) override {}
  void keep(const PieceHead& head, std::span<const std::byte> payload) override {
    auto piece = decode_piece(payload, head, kBasis, kRowBytes);
    ASSERT_TRUE(piece);
    kept.push_back(std::move(*piece));
  }
  std::vector<PieceHead> none;
  std::vector<DecodedPiece> kept;
};

TEST(DecodeKeeper, APieceIsKeptWhenAFrameOfALaterOneIsSettled) {
  Kept memory;
  DecodeKeeper keeper(memory, 0, kBasis, {}, [] { return probes::VideoClaims{}; });
  keeper.errors({{3, "early"}, {7, "of the second piece"}});
  for (const std::int64_t packet : {0, 1}) keeper.frame(frame(packet), packet);
  keeper.cut({4, {5}, 0.2});
  for (const std::int64_t packet : {2, 3, 5}) keeper.frame(frame(packet), packet);
  EXPECT_TRUE(memory.kept.empty());
  keeper.frame(frame(4), 5);
  ASSERT_EQ(memory.kept.size(), 1u);
  EXPECT_EQ(memory.kept[0].head(0), (PieceHead{0, 0, 4, 0, 0}));
  EXPECT_EQ(memory.kept[0].frames.size(), 5u);
  EXPECT_EQ(memory.kept[0].errors, (std::vector<av::DecodeError>{{3, "early"}}));
  keeper.cut({8, {}, 0.4});
  keeper.frame(frame(8), 9);
  ASSERT_EQ(memory.kept.size(), 2u);
  EXPECT_EQ(memory.kept[1].head(0), (PieceHead{0, 4, 8, 5, 0.2}));
  EXPECT_EQ(memory.kept[1].errors, (std::vector<av::DecodeError>{{7, "of the second piece"}}));
}

TEST(DecodeKeeper, WhatComesTooLateEndsIt) {
  for (const bool error : {false, true}) {
    Kept memory;
    DecodeKeeper keeper(memory, 0, kBasis, {}, [] { return probes::VideoClaims{}; });
    keeper.cut({4, {}, 0});
    keeper.frame(frame(0), 0);
    keeper.frame(frame(4), 1);
    ASSERT_EQ(memory.kept.size(), 1u);
    if (error)
      keeper.errors({{2, "late"}});
    else
      keeper.frame(frame(3), 2);
    keeper.cut({8, {}, 0});
    keeper.frame(frame(8), 3);
    keeper.cut({12, {}, 0});
    keeper.frame(frame(12), 4);
    EXPECT_EQ(memory.kept.size(), 1u);
  }
}

TEST(DecodeKeeper, ACutBehindFramesThatAreSettledIsNone) {
  Kept memory;
  DecodeKeeper keeper(memory, 0, kBasis, {}, [] { return probes::VideoClaims{}; });
  keeper.frame(frame(0), 0);
  keeper.frame(frame(6), 1);
  keeper.cut({4, {}, 0});
  keeper.cut({8, {}, 0});
  keeper.frame(frame(8), 2);
  ASSERT_EQ(memory.kept.size(), 1u);
  EXPECT_EQ(memory.kept[0].head(0), (PieceHead{0, 0, 8, 0, 0}));
}

TEST(DecodeKeeper, AfterAResumeWhatWasBeforeIsLeftAlone) {
  Kept memory;
  DecodeKeeper keeper(memory, 0, kBasis, {10, {12}, 0.4}, [] { return probes::VideoClaims{}; });
  keeper.errors({{3, "before"}, {12, "leads"}});
  for (const std::int64_t packet : {3, 9, 12, 10, 11}) keeper.frame(frame(packet), packet);
  keeper.cut({20, {}, 0.8});
  keeper.frame(frame(20), 20);
  ASSERT_EQ(memory.kept.size(), 1u);
  EXPECT_EQ(memory.kept[0].head(0), (PieceHead{0, 10, 20, 10, 0.4}));
  EXPECT_EQ(memory.kept[0].frames.size(), 2u);
  EXPECT_TRUE(memory.kept[0].errors.empty());
}

}  // namespace
}  // namespace cleangate::pass
