// SPDX-License-Identifier: Apache-2.0
#include "specs/quantities/stream_readings.h"

#include <gtest/gtest.h>

#include "specs/quantities/luma_frames.h"
#include "tests/specs/quantities/picture_evidence.h"

namespace cleangate::specs {
namespace {

using test::PictureStream;

std::vector<Reading> read(const Evidence& evidence, const Window& window) {
  return read_video_streams(
      evidence, window, [&](int stream) { return LumaFrames::of(evidence, stream); },
      [](const LumaFrames&, std::int64_t first, std::int64_t end, Reading& reading) {
        reading.value = Scalar(Rational(end - first));
      });
}

TEST(StreamReadings, AreOfTheFramesOfTheWindowOrSayWhyThereAreNone) {
  PictureStream stream;
  stream.add_flat(100, 10).add_damaged(5);
  const auto of = [&](const Window& window) { return read(stream.evidence(), window).at(0).value; };
  EXPECT_EQ(of({}), decltype(Reading::value)(Scalar(Rational(15))));
  EXPECT_EQ(of({{}, Rational(4, 25)}), decltype(Reading::value)(Scalar(Rational(4))));
  const auto damaged = std::get<Absent>(of({Rational(10, 25), {}}));
  EXPECT_EQ(damaged.kind, AbsenceKind::damaged);
  EXPECT_EQ(damaged.because, "Every frame of stream 0 is damaged there.");
  const auto none = std::get<Absent>(of({Rational(1), {}}));
  EXPECT_EQ(none.kind, AbsenceKind::undefined);
  EXPECT_EQ(none.because, "No frame of stream 0 lies in the region.");
  const test::RowEvidence nothing;
  EXPECT_TRUE(read(nothing, {}).empty());
}

TEST(StreamReadings, AreTaintedByWhatIsOpenElseByWhatIsMissing) {
  PictureStream stream;
  stream.add_flat(100, 10);
  const auto taint = [&](std::int64_t open) {
    return taint_of(FrameMap::of(stream.evidence(), 0).value(), open, 10);
  };
  EXPECT_FALSE(taint(0));
  EXPECT_EQ(taint(2), "2 of 10 frames of stream 0 are damaged or could not be measured.");
  std::get<probes::VideoFacts>(stream.facts().media).frame_count = 12;
  EXPECT_EQ(taint(0), "Only 10 of the 12 frames of stream 0 were measured.");
}

}  // namespace
}  // namespace cleangate::specs
