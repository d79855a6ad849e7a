// SPDX-License-Identifier: Apache-2.0
#include "pipeline/worker/wire.h"

#include <gtest/gtest.h>

namespace cleangate::worker {
namespace {

TEST(Wire, IntegersAreLittleEndian) {
  WireWriter writer;
  writer.u16(0x0102);
  writer.u32(0x03040506);
  const std::vector<std::byte> expected{std::byte{2}, std::byte{1}, std::byte{6},
                                        std::byte{5}, std::byte{4}, std::byte{3}};
  EXPECT_EQ(writer.bytes(), expected);
}

TEST(Wire, EveryValueComesBack) {
  WireWriter writer;
  writer.u8(255);
  writer.i32(-1);
  writer.u64(~std::uint64_t{0});
  writer.i64(INT64_MIN);
  writer.f64(-0.125);
  writer.text("a\0b");
  writer.text("");
  WireReader reader(writer.bytes());
  EXPECT_EQ(reader.u8(), 255);
  EXPECT_EQ(reader.i32(), -1);
  EXPECT_EQ(reader.u64(), ~std::uint64_t{0});
  EXPECT_EQ(reader.i64(), INT64_MIN);
  EXPECT_EQ(reader.f64(), -0.125);
  EXPECT_EQ(reader.text(10), "a");
  EXPECT_EQ(reader.text(10), "");
  EXPECT_TRUE(reader.finished());
}

TEST(Wire, WhatIsMissingReadsAsZeroAndIsTold) {
  const std::byte bytes[3] = {std::byte{1}, std::byte{2}, std::byte{3}};
  WireReader reader(bytes);
  EXPECT_EQ(reader.u32(), 0u);
  EXPECT_FALSE(reader.intact());
  EXPECT_EQ(reader.u8(), 0);  // once broken, nothing more is given
  EXPECT_FALSE(reader.finished());
}

TEST(Wire, ATextLongerThanItsBytesOrItsLimitIsRefused) {
  WireWriter announced;
  announced.u32(0xffffffff);
  WireReader lying(announced.bytes());
  EXPECT_EQ(lying.text(SIZE_MAX), "");
  EXPECT_FALSE(lying.intact());

  WireWriter honest;
  honest.text("four");
  WireReader strict(honest.bytes());
  EXPECT_EQ(strict.text(3), "");
  EXPECT_FALSE(strict.intact());
}

TEST(Wire, AFlagIsZeroOrOne) {
  const std::byte bytes[3] = {std::byte{0}, std::byte{1}, std::byte{2}};
  WireReader reader(bytes);
  EXPECT_FALSE(reader.flag());
  EXPECT_TRUE(reader.flag());
  EXPECT_TRUE(reader.intact());
  WireReader bad(std::span<const std::byte>(bytes).subspan(2));
  EXPECT_FALSE(bad.flag());
  EXPECT_FALSE(bad.intact());
}

TEST(Wire, LeftoversAreNotFinished) {
  const std::byte bytes[2] = {};
  WireReader reader(bytes);
  (void)reader.u8();
  EXPECT_TRUE(reader.intact());
  EXPECT_FALSE(reader.finished());
}

}  // namespace
}  // namespace cleangate::worker
