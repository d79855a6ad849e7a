// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>

#include "probes/rows.h"

namespace cleangate::probes {

// Peaks of one channel over 100 ms: absolute values, full scale 1.0 = 2^24, saturating at 2^32-1
// (+48 dB). A NaN or infinity saturates and sets kNotFinite.
struct AudioPeakRow {
  enum Flag : std::uint32_t {
    kDamaged = 1,    // some sample of the row came from damaged or concealed data
    kNotFinite = 2,  // a sample was NaN or infinite
    kPartial = 4     // the last row of a stream, shorter than 100 ms
  };
  // A kPartial row carries the number of its samples in the bits from here on.
  static constexpr std::uint32_t kSamplesShift = 8;
  std::uint32_t true_peak =
      0;  // between the samples too, ITU-R BS.1770-5 annex 2 (probes/audio/sound_kernels.h)
  std::uint32_t sample_peak = 0;
  std::uint32_t flags = 0;
  static constexpr std::array<Column, 3> kColumns{{{"true_peak", ColumnType::u32, 0, 1},
                                                   {"sample_peak", ColumnType::u32, 4, 1},
                                                   {"flags", ColumnType::u32, 8, 1}}};
  static constexpr RowType kType{"audio.peak", 1, RowClock::decisecond, 12, kColumns};
};
static_assert(MeasurementRow<AudioPeakRow> && sizeof(AudioPeakRow) == AudioPeakRow::kType.size);

}  // namespace cleangate::probes
