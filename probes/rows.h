// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

// Rows: fixed-size records of integers, one per frame (picture), per 10 ms or per 100 ms and
// channel (sound). Padding and floating point do not compile, so equal rows are equal bytes.
namespace cleangate::probes {

enum class ColumnType : std::uint8_t { u8, u16, u32, u64, i8, i16, i32, i64 };
[[nodiscard]] constexpr std::size_t size_of(ColumnType type) {
  constexpr std::size_t kSizes[] = {1, 2, 4, 8, 1, 2, 4, 8};
  return kSizes[static_cast<std::size_t>(type)];
}

// One column, or `count` neighboring ones of the same meaning (a ladder): column "above" with count
// 32 is above[0..31].
struct Column {
  std::string_view name;
  ColumnType type;
  std::uint32_t offset;  // bytes from the start of the row
  std::uint32_t count;   // 1 unless an array
};

enum class RowClock : std::uint8_t {
  frame,        // row k is the k-th decoded frame in presentation order
  centisecond,  // row k covers samples floor(k*rate/100) … floor((k+1)*rate/100)
  decisecond    // row k covers samples floor(k*rate/10)  … floor((k+1)*rate/10)
};

struct RowType {
  std::string_view name;  // "picture.luma"
  std::uint16_t version;  // raised when the same input gives other bytes
  RowClock clock;
  std::uint32_t size;  // sizeof(Row)
  std::span<const Column> columns;
};

template <class Row>
concept MeasurementRow = std::is_trivially_copyable_v<Row> && std::is_standard_layout_v<Row> &&
    std::has_unique_object_representations_v<Row> && requires {
  { Row::kType } -> std::convertible_to<const RowType&>;
};

// Every row type there is (probes/rows.def); nullptr when the name and version are unknown.
[[nodiscard]] std::span<const RowType* const> row_types();
[[nodiscard]] const RowType* find_row_type(std::string_view name, std::uint16_t version);
[[nodiscard]] const RowType* current_row_type(std::string_view name);

// Which rows: within one asset. `channel` counts from 0 in its stream; -1 for picture.
// `parameters` is the canonical text of the analyzer's parameters ("" when it has none).
struct SeriesId {
  int stream = 0;
  int channel = -1;
  int other_stream = -1, other_channel = -1;  // pairs
  std::string row;                            // RowType::name
  std::uint16_t version = 0;
  std::string parameters;
  // NOLINTNEXTLINE(modernize-use-nullptr): clang-tidy 14 takes the comparison with 0 inside for one
  friend auto operator<=>(const SeriesId&, const SeriesId&) = default;
};

}  // namespace cleangate::probes
