// SPDX-License-Identifier: Apache-2.0
#include "tests/specs/quantities/ask.h"

namespace cleangate::test {
namespace {

TEST(ContainerFacts, KnownUnknownAndAbsentStayApart) {
  auto evidence = made_evidence();
  EXPECT_EQ(text("container.format", evidence), "mp4");
  EXPECT_EQ(text("container.brand", evidence), "isom");
  EXPECT_EQ(absence("container.operational_pattern", evidence), "not_applicable");
  EXPECT_TRUE(flag("container.fast_start", evidence));
  EXPECT_FALSE(flag("container.edit_lists", evidence));
  EXPECT_EQ(number("container.bit_rate", evidence), Rational(9'400'000));
  evidence.facts_.container.fast_start = Fact<bool>::unknown();
  EXPECT_EQ(absence("container.fast_start", evidence), "not_measured");
  evidence.facts_.container.format.clear();
  EXPECT_EQ(absence("container.format", evidence), "not_measured");
}

TEST(ContainerFacts, ADamagedStructureTaintsTheBitRate) {
  auto evidence = made_evidence();
  evidence.facts_.container_damage.push_back({-1, {}, "the movie box ends early"});
  EXPECT_TRUE(ask("container.bit_rate", evidence).at(0).tainted_because.has_value());
  EXPECT_FALSE(ask("container.format", evidence).at(0).tainted_because.has_value());
}

}  // namespace
}  // namespace cleangate::test
