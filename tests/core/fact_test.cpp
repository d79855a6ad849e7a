// SPDX-License-Identifier: Apache-2.0
#include "core/fact.h"

#include <gtest/gtest.h>

namespace cleangate {
namespace {

TEST(Fact, KeepsAbsentUnknownAndKnownApart) {
  const Fact<int> absent, unknown = Fact<int>::unknown(), known = 7;
  EXPECT_TRUE(absent.is_absent() && !absent.is_unknown() && !absent.is_known());
  EXPECT_TRUE(unknown.is_unknown() && !unknown.is_absent() && !unknown.is_known());
  EXPECT_TRUE(known.is_known() && !known.is_unknown() && !known.is_absent());
  EXPECT_NE(absent, unknown);
  EXPECT_EQ(Fact<int>::of(std::nullopt), unknown);
  EXPECT_EQ(Fact<int>::of(7), known);
  EXPECT_EQ(unknown.value_or(3), 3);
}

}  // namespace
}  // namespace cleangate
