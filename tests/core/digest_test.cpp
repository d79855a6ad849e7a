// SPDX-License-Identifier: Apache-2.0
#include "core/digest.h"

#include <gtest/gtest.h>

namespace cleangate {
namespace {

// SHA-256 of the empty string (FIPS 180-4 example).
constexpr const char* kEmpty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

TEST(Digest, ReadsWhatItPrints) {
  const auto digest = parse_content_id(kEmpty);
  ASSERT_TRUE(digest);
  EXPECT_EQ(digest->bytes[0], 0xE3);
  EXPECT_EQ(digest->bytes[31], 0x55);
  EXPECT_EQ(to_hex(*digest), kEmpty);
  EXPECT_EQ(to_content_id(*digest), std::string("sha256:") + kEmpty);
  EXPECT_EQ(*parse_content_id(to_content_id(*digest)), *digest);
}

TEST(Digest, WhatIsNotOneIsRefused) {
  EXPECT_FALSE(parse_content_id(""));
  EXPECT_FALSE(parse_content_id("sha256:"));
  EXPECT_FALSE(parse_content_id(std::string(63, 'a')));
  EXPECT_FALSE(parse_content_id(std::string(64, 'g')));
  EXPECT_FALSE(parse_content_id("md5:" + std::string(60, 'a')));
}

}  // namespace
}  // namespace cleangate
