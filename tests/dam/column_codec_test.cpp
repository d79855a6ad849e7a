// SPDX-License-Identifier: Apache-2.0
#include "dam/column_codec.h"

#include <gtest/gtest.h>

#include <limits>
#include <random>

namespace cleangate::dam {
namespace {

using probes::ColumnType;

struct Range {
  ColumnType type;
  std::int64_t low, high;
};

class ColumnCodec : public testing::TestWithParam<Range> {};

TEST_P(ColumnCodec, GivesBackWhatItTook) {
  const auto [type, low, high] = GetParam();
  std::mt19937_64 random(7);
  std::uniform_int_distribution<std::int64_t> any(low, high);
  std::vector<std::int64_t> values(1000);
  for (auto& value : values) value = any(random);
  values[3] = low, values[4] = high, values[5] = low;
  const EncodedColumn column = encode_column(values, type);
  EXPECT_EQ(column.min, low);
  EXPECT_EQ(column.max, high);
  std::vector<std::int64_t> back(values.size());
  ASSERT_TRUE(decode_column(column, type, back));
  EXPECT_EQ(back, values);
}

TEST_P(ColumnCodec, TakesDifferencesOfAClimb) {
  const auto [type, low, high] = GetParam();
  const std::int64_t step = std::max<std::int64_t>(1, (high / 2 - low / 2) / 3000);
  std::vector<std::int64_t> values;
  for (std::int64_t value = low; values.size() < 4096 && value < high - step; value += step)
    values.push_back(value);
  std::vector<std::int64_t> back(values.size());
  const EncodedColumn column = encode_column(values, type);
  EXPECT_EQ(column.encoding, Encoding::delta);
  EXPECT_LT(column.payload.size(), values.size() / 2);
  ASSERT_TRUE(decode_column(column, type, back));
  EXPECT_EQ(back, values);
}

constexpr auto kMax = std::numeric_limits<std::int64_t>::max();
constexpr auto kMin = std::numeric_limits<std::int64_t>::min();
INSTANTIATE_TEST_SUITE_P(
    Types, ColumnCodec,
    testing::Values(Range{ColumnType::u8, 0, 255}, Range{ColumnType::u16, 0, 65535},
                    Range{ColumnType::u32, 0, 4294967295}, Range{ColumnType::u64, 0, kMax},
                    Range{ColumnType::i8, -128, 127}, Range{ColumnType::i16, -32768, 32767},
                    Range{ColumnType::i32, -2147483648, 2147483647},
                    Range{ColumnType::i64, kMin, kMax}));

TEST(ColumnCodecConstant, StoresNothing) {
  const std::vector<std::int64_t> values(4096, -5);
  const EncodedColumn column = encode_column(values, ColumnType::i32);
  EXPECT_EQ(column.encoding, Encoding::constant);
  EXPECT_TRUE(column.payload.empty());
}

TEST(ColumnCodecHostile, RefusesAPayloadOfAnotherLength) {
  const std::vector<std::int64_t> values{1, 2, 3, 4};
  const EncodedColumn column = encode_column(values, ColumnType::u16);
  std::vector<std::int64_t> five(5), three(3);
  EXPECT_FALSE(decode_column(column, ColumnType::u16, five));
  EXPECT_FALSE(decode_column(column, ColumnType::u16, three));
  EncodedColumn garbage = column;
  garbage.payload.assign(40, std::byte{0x5A});
  std::vector<std::int64_t> four(4);
  EXPECT_FALSE(decode_column(garbage, ColumnType::u16, four));
}

}  // namespace
}  // namespace cleangate::dam
