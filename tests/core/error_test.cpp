// SPDX-License-Identifier: Apache-2.0
#include "core/error.h"

#include <gtest/gtest.h>

namespace cleangate {
namespace {

TEST(Error, EveryCodeHasAWordOfItsOwn) {
  for (int i = 0; i <= static_cast<int>(ErrorCode::internal); ++i) {
    const auto code = static_cast<ErrorCode>(i);
    const auto back = parse_error_code(to_string(code));
    ASSERT_TRUE(back) << i;
    EXPECT_EQ(*back, code);
  }
  EXPECT_FALSE(parse_error_code("oops"));
}

}  // namespace
}  // namespace cleangate
