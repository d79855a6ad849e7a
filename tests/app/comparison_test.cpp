// SPDX-License-Identifier: Apache-2.0
#include "app/comparison.h"

#include <gtest/gtest.h>

namespace cleangate::app {
namespace {

specs::Finding finding(const std::string& requirement, specs::Outcome outcome,
                       const std::string& measured = "1") {
  specs::Finding finding;
  finding.requirement = requirement;
  finding.outcome = outcome;
  finding.measured.text = measured;
  return finding;
}

specs::Verdict verdict(std::vector<specs::Finding> findings) {
  specs::Verdict verdict;
  verdict.spec = "spec";
  verdict.findings = std::move(findings);
  return verdict;
}

TEST(Comparison, TellsNewGoneAndSame) {
  using specs::Outcome;
  const Comparison one =
      compare(verdict({finding("a", Outcome::fail), finding("b", Outcome::fail),
                       finding("c", Outcome::pass), finding("d", Outcome::inconclusive),
                       finding("e", Outcome::manual)}),
              verdict({finding("a", Outcome::fail), finding("b", Outcome::pass),
                       finding("c", Outcome::fail), finding("d", Outcome::fail),
                       finding("e", Outcome::manual)}));
  ASSERT_EQ(one.fresh.size(), 1u);
  EXPECT_EQ(one.fresh[0].requirement, "c");
  ASSERT_EQ(one.gone.size(), 1u);
  EXPECT_EQ(one.gone[0].requirement, "b");
  ASSERT_EQ(one.same.size(), 2u);
  EXPECT_FALSE(one.same[0].changed);
  EXPECT_TRUE(one.same[1].changed);  // undecided has become a failure
}

TEST(Comparison, TheSameRuleOnAnotherStreamIsAnotherFinding) {
  specs::Finding first = finding("a", specs::Outcome::fail), second = first;
  first.stream = 0;
  second.stream = 1;
  const Comparison one = compare(verdict({first}), verdict({second}));
  EXPECT_EQ(one.fresh.size(), 1u);
  EXPECT_EQ(one.gone.size(), 1u);
  EXPECT_TRUE(one.same.empty());
}

TEST(Comparison, AnotherMeasurementIsAChange) {
  const Comparison one = compare(verdict({finding("a", specs::Outcome::fail, "-21.0 LUFS")}),
                                 verdict({finding("a", specs::Outcome::fail, "-20.0 LUFS")}));
  ASSERT_EQ(one.same.size(), 1u);
  EXPECT_TRUE(one.same[0].changed);
}

}  // namespace
}  // namespace cleangate::app
