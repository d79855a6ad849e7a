// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::PictureStream;

// A ramp from one code value to another across the picture.
PictureStream::Luma ramp(std::uint32_t low, std::uint32_t high) {
  return [=](int x, int) { return low + (high - low) * static_cast<std::uint32_t>(x) / 63; };
}
// Bars above and below a picture in the middle of the range.
PictureStream::Luma letterboxed(std::uint32_t black, std::uint32_t scale) {
  return [=](int x, int y) {
    return y < 6 || y >= 30 ? black : (60 + static_cast<std::uint32_t>(x)) * scale;
  };
}

std::string told(PictureStream& stream, std::string_view id) {
  const Reading reading = stream.read(id);
  if (const auto* value = std::get_if<Scalar>(&reading.value)) return std::get<std::string>(*value);
  const auto& absent = std::get<Absent>(reading.value);
  EXPECT_EQ(absent.kind, AbsenceKind::undecided) << absent.because;
  return "?";
}

TEST(PictureRange, BothEndsOfNarrowRangeTellIt) {
  PictureStream stream;
  stream.add(ramp(16, 235), 5);
  EXPECT_EQ(told(stream, "picture.range"), "narrow");
  EXPECT_EQ(told(stream, "picture.range_against_flag"), "agree");
}

TEST(PictureRange, BothEndsOfFullRangeTellIt) {
  PictureStream stream;
  stream.add(ramp(0, 255), 5);
  EXPECT_EQ(told(stream, "picture.range"), "full");
  EXPECT_EQ(told(stream, "picture.range_against_flag"), "full as narrow");
  PictureStream flagged;
  flagged.range(SignalRange::full).add(ramp(0, 255), 5);
  EXPECT_EQ(told(flagged, "picture.range_against_flag"), "agree");
}

TEST(PictureRange, BlackTellsIt) {
  PictureStream narrow(10);
  narrow.range(SignalRange::full).add(ramp(300, 600), 5).add_flat(64, 2);
  EXPECT_EQ(told(narrow, "picture.range"), "narrow");
  EXPECT_EQ(told(narrow, "picture.range_against_flag"), "narrow as full");
  PictureStream full(10);
  full.add(ramp(300, 600), 5).add_flat(0, 2);
  EXPECT_EQ(told(full, "picture.range"), "full");
}

TEST(PictureRange, LetterboxTellsIt) {
  PictureStream narrow(10), full(8);
  narrow.add(letterboxed(64, 4), 5);
  EXPECT_EQ(told(narrow, "picture.range"), "narrow");
  full.add(letterboxed(0, 1), 5);
  EXPECT_EQ(told(full, "picture.range"), "full");
}

// A scene without black or white; a camera's whites above 100 %; one black frame.
TEST(PictureRange, WhatDoesNotTellIsUndecided) {
  PictureStream middle, whites, one;
  middle.add(ramp(60, 200), 5);
  EXPECT_EQ(told(middle, "picture.range"), "?");
  EXPECT_EQ(told(middle, "picture.range_against_flag"), "?");
  whites.add(ramp(20, 254), 5);
  EXPECT_EQ(told(whites, "picture.range"), "?");
  one.add(ramp(60, 200), 5).add_flat(16);
  EXPECT_EQ(told(one, "picture.range"), "?");
}

// Black of both ranges: two sources cut together.
TEST(PictureRange, WhatContradictsItselfIsUndecided) {
  PictureStream stream;
  stream.add_flat(16, 3).add_flat(0, 3);
  EXPECT_EQ(told(stream, "picture.range"), "?");
}

// One bit knows black and white only.
TEST(PictureRange, TooFewBitsDoNotTellIt) {
  PictureStream stream(1);
  stream.add_flat(0, 5);
  EXPECT_EQ(told(stream, "picture.range"), "?");
}

TEST(PictureRange, DamageTaintsIt) {
  PictureStream stream;
  stream.add(ramp(16, 235), 5).add_damaged();
  EXPECT_TRUE(stream.read("picture.range").tainted_because);
}

}  // namespace
}  // namespace cleangate::specs
