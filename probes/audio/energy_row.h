// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "probes/rows.h"

namespace cleangate::probes {

// K-weighted energy of one channel over 10 ms (ITU-R BS.1770-5 annex 1, without channel weight):
// sum of squares of the K-weighted samples / number of samples, full scale = 1.0, stored by
// energy_to_code (probes/audio/energy_code.h).
struct AudioEnergyRow {
  std::uint32_t energy = 0;
  static constexpr std::array<Column, 1> kColumns{{{"energy", ColumnType::u32, 0, 1}}};
  static constexpr RowType kType{"audio.energy", 1, RowClock::centisecond, 4, kColumns};
};
static_assert(MeasurementRow<AudioEnergyRow> &&
              sizeof(AudioEnergyRow) == AudioEnergyRow::kType.size);

}  // namespace cleangate::probes
