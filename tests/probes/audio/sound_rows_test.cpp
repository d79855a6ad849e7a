// SPDX-License-Identifier: Apache-2.0
#include "probes/audio/sound_rows.h"

#include <gtest/gtest.h>

namespace cleangate::probes {
namespace {

TEST(SoundRows, RowsOf11025AreUneven) {
  EXPECT_EQ(row_start(kEnergyRows, 1, 11025), 110);
  EXPECT_EQ(row_start(kEnergyRows, 2, 11025), 220);
  EXPECT_EQ(row_start(kEnergyRows, 4, 11025), 441);
}

TEST(SoundRows, EverySampleLiesInItsRow) {
  for (const int rate : {4000, 8000, 11025, 22050, 35467, 44100, 47952, 48000, 192000})
    for (const int per_second : {kEnergyRows, kPeakRows})
      for (std::int64_t sample = 0; sample < 2 * rate; sample += 7) {
        const std::int64_t row = row_of(per_second, sample, rate);
        ASSERT_LE(row_start(per_second, row, rate), sample);
        ASSERT_GT(row_start(per_second, row + 1, rate), sample);
      }
}

TEST(SoundRows, FarIntoAStream) {
  const std::int64_t sample = (std::int64_t{1} << 50) - 1;
  const std::int64_t row = row_of(kEnergyRows, sample, 192000);
  EXPECT_LE(row_start(kEnergyRows, row, 192000), sample);
  EXPECT_GT(row_start(kEnergyRows, row + 1, 192000), sample);
}

}  // namespace
}  // namespace cleangate::probes
