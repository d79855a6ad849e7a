// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "probes/facts.h"
#include "probes/rows.h"

// What is to be thought of rows that an older version of an analyzer left. Media may be on a shelf
// for ever: rows stay in use until they are said to be wrong.
namespace cleangate::probes {

enum class OldRowMark : std::uint8_t {
  good,        // the newer version differs where these are right too
  superseded,  // the newer one is better; these are no mistake
  wrong        // for some or all streams: whatever needs them is inconclusive
};

struct OldRow {
  std::string_view row;  // RowType::name
  std::uint16_t version = 0;
  OldRowMark mark = OldRowMark::superseded;
  // With `wrong`: for which streams; null: for all. For the others the rows are superseded.
  bool (*is_wrong_for)(const AssetFacts&, const SeriesId&) = nullptr;
  std::string_view because;  // what is wrong, a sentence
};

// One for each version of a row type below the current one (rows.def); a test demands it.
[[nodiscard]] std::span<const OldRow> old_rows();

// What is wrong with these rows of this asset, a sentence; empty: they may be used.
[[nodiscard]] std::string_view wrong_with(std::span<const OldRow> marks, const AssetFacts& facts,
                                          const SeriesId& rows);

}  // namespace cleangate::probes
