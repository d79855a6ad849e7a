// SPDX-License-Identifier: Apache-2.0
#include "core/timecode.h"

#include <gtest/gtest.h>

namespace cleangate {
namespace {

TimecodeFormat format(int nominal, DropFrame drop) { return *TimecodeFormat::make(nominal, drop); }

struct Case {
  int nominal;
  DropFrame drop;
  std::int64_t day;
};

class TimecodeDay : public testing::TestWithParam<Case> {};

// Every label of a day, counted by the rule of ST 12-1 itself: skip 0 and 1 (0 to 3 at 60) each
// minute not divisible by ten.
TEST_P(TimecodeDay, EveryLabelIsCountedOnce) {
  const auto [nominal, drop, day] = GetParam();
  const TimecodeFormat f = format(nominal, drop);
  const int skipped = drop == DropFrame::drop ? nominal / 15 : 0;
  std::int64_t count = 0;
  for (int hour = 0; hour < 24; ++hour)
    for (int minute = 0; minute < 60; ++minute)
      for (int second = 0; second < 60; ++second)
        for (int frame = 0; frame < nominal; ++frame) {
          const bool missing = second == 0 && minute % 10 != 0 && frame < skipped;
          const auto label = Timecode::make(hour, minute, second, frame, f);
          ASSERT_EQ(static_cast<bool>(label), !missing);
          if (missing) continue;
          ASSERT_EQ(label->frame_number(), count);
          ASSERT_EQ(Timecode::from_frames(count, f), *label);
          ++count;
        }
  EXPECT_EQ(count, day);
  EXPECT_EQ(f.labels_per_day(), day);
  EXPECT_EQ(Timecode::from_frames(count, f).frame_number(), 0);
  EXPECT_EQ(Timecode::from_frames(-1, f).frame_number(), day - 1);
}

INSTANTIATE_TEST_SUITE_P(Formats, TimecodeDay,
                         testing::Values(Case{24, DropFrame::non_drop, 2073600},
                                         Case{25, DropFrame::non_drop, 2160000},
                                         Case{30, DropFrame::non_drop, 2592000},
                                         Case{30, DropFrame::drop, 2589408},
                                         Case{60, DropFrame::drop, 5178816}));

TEST(Timecode, TheKnownCornersOfDropFrame) {
  const TimecodeFormat f = format(30, DropFrame::drop);
  EXPECT_EQ(to_string(Timecode::from_frames(1799, f)), "00:00:59;29");
  EXPECT_EQ(to_string(Timecode::from_frames(1800, f)), "00:01:00;02");
  EXPECT_EQ(to_string(Timecode::from_frames(17981, f)), "00:09:59;29");
  EXPECT_EQ(to_string(Timecode::from_frames(17982, f)), "00:10:00;00");
  EXPECT_EQ(Timecode::parse("01:00:00;00", f)->frame_number(),
            107892);  // an hour of 29.97 is 107,892 frames
}

TEST(Timecode, ParsesWhatItPrintsAndNothingElse) {
  const TimecodeFormat drop = format(30, DropFrame::drop), plain = format(25, DropFrame::non_drop);
  EXPECT_EQ(to_string(*Timecode::parse("10:00:00:00", plain)), "10:00:00:00");
  EXPECT_EQ(to_string(*Timecode::parse("09:59:57:06", plain)), "09:59:57:06");
  for (const char* wrong :
       {"", "10:00:00", "24:00:00:00", "10:60:00:00", "10:00:60:00", "10:00:00:25", "1:00:00:00",
        "10:00:00;00", "aa:bb:cc:dd", "10:00:00:0", "10:00:00:-1", "10-00-00:00"})
    EXPECT_FALSE(Timecode::parse(wrong, plain)) << wrong;
  EXPECT_FALSE(Timecode::parse("00:01:00;00", drop));  // a label that is skipped
  EXPECT_FALSE(Timecode::parse("00:01:00:00", drop));  // written as non-drop
}

TEST(Timecode, FormatsThatDoNotExist) {
  EXPECT_FALSE(TimecodeFormat::make(25, DropFrame::drop));
  EXPECT_FALSE(TimecodeFormat::make(24, DropFrame::drop));
  EXPECT_FALSE(TimecodeFormat::make(0, DropFrame::non_drop));
  EXPECT_EQ(TimecodeFormat::for_rate(Rational(30000, 1001), DropFrame::drop)->nominal(), 30);
  EXPECT_EQ(TimecodeFormat::for_rate(Rational(24000, 1001), DropFrame::non_drop)->nominal(), 24);
  EXPECT_FALSE(TimecodeFormat::for_rate(Rational(24000, 1001), DropFrame::drop));
}

TEST(Timecode, WrapsAtMidnight) {
  const TimecodeFormat f = format(25, DropFrame::non_drop);
  EXPECT_EQ(to_string(Timecode::parse("23:59:59:24", f)->plus_frames(1)), "00:00:00:00");
  EXPECT_EQ(to_string(Timecode::parse("00:00:00:00", f)->plus_frames(-1)), "23:59:59:24");
}

}  // namespace
}  // namespace cleangate
