// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "probes/rows.h"

namespace cleangate::probes {

// Placeholder shape, owned by the picture room.
struct LumaRow {
  std::uint32_t reserved = 0;
  static constexpr std::array<Column, 1> kColumns{{{"reserved", ColumnType::u32, 0, 1}}};
  static constexpr RowType kType{"picture.luma", 1, RowClock::frame, 4, kColumns};
};
static_assert(MeasurementRow<LumaRow> && sizeof(LumaRow) == LumaRow::kType.size);

}  // namespace cleangate::probes
