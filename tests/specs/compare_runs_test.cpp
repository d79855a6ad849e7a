// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "specs/compare.h"
#include "tests/specs/profile_text.h"

namespace cleangate::test {
namespace {

using namespace specs;

Outcome of(const std::string& demand, const Spans& runs) {
  const auto profile = load_text(made_profile(rule("quantity: picture.black, " + demand)));
  if (!profile) throw std::logic_error(profile.error().message);
  SubjectContext context;
  context.region_in_s = Rational(0);
  context.region_out_s = Rational(60);
  context.frame_rate = Rational(25);
  return compare(profile->requirements.at(0)->condition, {Subject{}, runs, {}, {}}, context)
      .outcome;
}

Span frames(std::int64_t first, std::int64_t end) {
  Span span;
  span.stream = 0;
  span.first_frame = first;
  span.end_frame = end;
  span.start_s = Rational(first, 25);
  span.end_s = Rational(end, 25);
  return span;
}

Span seconds(std::int64_t in, std::int64_t out) {
  Span span;
  span.start_s = in;
  span.end_s = out;
  return span;
}

TEST(CountOfRuns, AnOpenStretchMayHoldManyRuns) {
  EXPECT_EQ(of("count: {max: 1}", Spans{{}, {frames(10, 20)}}), Outcome::inconclusive);
  EXPECT_EQ(of("count: {max: 4}", Spans{{}, {frames(10, 20)}}), Outcome::inconclusive);
  EXPECT_EQ(of("count: {max: 5}", Spans{{}, {frames(10, 20)}}), Outcome::pass);
  EXPECT_EQ(of("count: {min: 5}", Spans{{}, {frames(10, 20)}}), Outcome::inconclusive);
  EXPECT_EQ(of("count: {min: 6}", Spans{{}, {frames(10, 20)}}), Outcome::fail);
  EXPECT_EQ(of("count: {max: 1}", Spans{{}, {frames(10, 11)}}), Outcome::pass);
  EXPECT_EQ(of("count: {max: 1000000}", Spans{{}, {seconds(1, 2)}}), Outcome::inconclusive);
  EXPECT_EQ(of("count: {min: 1000000}", Spans{{}, {seconds(1, 2)}}), Outcome::inconclusive);
  EXPECT_EQ(of("count: {min: 1}", Spans{{seconds(5, 6)}, {seconds(1, 2)}}), Outcome::pass);
}

TEST(CountOfRuns, LongRunsNeedRoom) {
  const Spans open{{}, {seconds(0, 10)}};
  EXPECT_EQ(of("count: {max: 4}, longer_than: 2 s", open), Outcome::pass);  // 5 need more than 10 s
  EXPECT_EQ(of("count: {max: 3}, longer_than: 2 s", open), Outcome::inconclusive);
  EXPECT_EQ(of("count: {min: 5}, longer_than: 2 s", open), Outcome::fail);
  EXPECT_EQ(of("count: {max: 1}, at: start", open), Outcome::pass);
  EXPECT_EQ(of("count: {min: 2}, at: start", open), Outcome::fail);
}

// Every way of filling an open stretch frame by frame has a count within the bounds.
TEST(CountOfRuns, HoldsForEveryWayTheStretchCanTurnOut) {
  const auto runs_of = [](unsigned mask, int length) {
    Spans spans;
    for (int i = 0; i < length; ++i) {
      if (!(mask >> i & 1)) continue;
      int end = i;
      while (end < length && (mask >> end & 1)) ++end;
      spans.runs.push_back(frames(i, end));
      i = end;
    }
    return spans;
  };
  constexpr int kLength = 9;  // frame 0 and 1 black, 2 to 7 open, 8 black
  const Spans partly{{frames(0, 2), frames(8, 9)}, {frames(2, 8)}};
  for (const char* filter : {"", ", longer_than: 1 frames", ", longer_than: 2 frames",
                             ", shorter_than: 3 frames", ", at: inside", ", at: start"})
    for (int n = 0; n <= 6; ++n)
      for (const char* side : {"max", "min"}) {
        const std::string demand =
            std::string("count: {") + side + ": " + std::to_string(n) + "}" + filter;
        const Outcome told = of(demand, partly);
        if (told == Outcome::inconclusive) continue;
        for (unsigned open = 0; open < 64; ++open)
          ASSERT_EQ(of(demand, runs_of(3u | open << 2 | 1u << 8, kLength)), told)
              << demand << " with " << open;
      }
}

TEST(OpenRuns, AreNotSaidToBeAbsent) {
  const auto profile = load_text(made_profile(rule("quantity: picture.black, expect: none")));
  ASSERT_TRUE(profile);
  const auto told = compare(profile->requirements.at(0)->condition,
                            {Subject{}, Spans{{}, {seconds(1, 2)}}, {}, {}}, {});
  EXPECT_EQ(told.outcome, Outcome::inconclusive);
  EXPECT_EQ(told.message, "Whether there is black picture is not known.");
  EXPECT_EQ(told.measured.text, "not known");
}

// An open stretch reaches over a decided run inside it to what follows.
TEST(OpenRuns, JoinWhateverTheyTouch) {
  const Spans nested{{seconds(2, 3), seconds(9, 11)}, {seconds(0, 9)}};
  EXPECT_EQ(of("expect: none, longer_than: 10 s", nested), Outcome::inconclusive);
}

}  // namespace
}  // namespace cleangate::test
