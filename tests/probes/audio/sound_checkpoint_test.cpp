// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>

#include "probes/audio/sound_analyzer.h"
#include "tests/probes/audio/signals.h"

namespace cleangate::probes {
namespace {

using test::Sound;
using test::SoundRowsOf;

Sound made() {
  Sound sound = test::wandering_noise(48000, 3, 0.35, 21);
  sound.channels[2][7001] = std::nan("");
  return sound;
}

template <class Row>
std::vector<std::byte> bytes_of(const std::vector<std::vector<Row>>& rows) {
  std::vector<std::byte> bytes;
  for (const auto& channel : rows) {
    const auto view = std::as_bytes(std::span(channel));
    bytes.insert(bytes.end(), view.begin(), view.end());
  }
  return bytes;
}

TEST(SoundCheckpoint, AnyCutGivesTheSameBytes) {
  const Sound sound = made();
  const SoundRowsOf whole = test::rows_of(sound);
  for (const std::int64_t cut : {0, 1, 5, 11, 479, 480, 481, 4799, 4800, 4801, 4805, 4806, 4807,
                                 7000, 7001, 7002, 9600, 16799, 16800}) {
    SoundRowsOf rows;
    SoundAnalyzer before(3, 48000);
    test::feed_part(before, sound, 0, cut);
    test::take_rows(before, rows);
    const auto checkpoint = before.save();
    auto after = SoundAnalyzer::restore(checkpoint);
    ASSERT_TRUE(after) << cut;
    EXPECT_EQ(after->save(), checkpoint) << cut;
    EXPECT_EQ(after->samples(), cut);
    test::feed_part(*after, sound, cut, sound.samples() - cut);
    after->finish();
    test::take_rows(*after, rows);
    EXPECT_EQ(bytes_of(rows.energy), bytes_of(whole.energy)) << cut;
    EXPECT_EQ(bytes_of(rows.peak), bytes_of(whole.peak)) << cut;
  }
}

TEST(SoundCheckpoint, ADamageMarkSurvives) {
  const Sound sound = made();
  SoundAnalyzer before(3, 48000);
  test::feed_part(before, sound, 0, 4800, true);
  test::feed_part(before, sound, 4800, 3);
  auto after = SoundAnalyzer::restore(before.save());
  ASSERT_TRUE(after);
  after->finish();
  const auto rows = after->take_peak_rows(0);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].flags, AudioPeakRow::kDamaged);
  EXPECT_EQ(rows[1].flags, AudioPeakRow::kPartial | 3u << AudioPeakRow::kSamplesShift);
}

TEST(SoundCheckpoint, RefusesEveryTruncation) {
  SoundAnalyzer analyzer(2, 44100);
  const auto checkpoint = analyzer.save();
  for (std::size_t size = 0; size < checkpoint.size(); ++size)
    EXPECT_FALSE(SoundAnalyzer::restore({checkpoint.data(), size})) << size;
  auto longer = checkpoint;
  longer.push_back(std::byte{0});
  EXPECT_FALSE(SoundAnalyzer::restore(longer));
}

TEST(SoundCheckpoint, DamagedBytesGiveAnErrorOrAStateThatRuns) {
  const Sound sound = made();
  SoundAnalyzer before(3, 48000);
  test::feed_part(before, sound, 0, 5000);
  const auto checkpoint = before.save();
  int refused = 0;
  for (std::size_t at = 0; at < checkpoint.size(); ++at) {
    auto damaged = checkpoint;
    damaged[at] ^= std::byte{0xFF};
    auto after = SoundAnalyzer::restore(damaged);
    if (!after) {
      ++refused;
    } else if (after->sample_rate() == 48000 && after->channels() == 3) {
      test::feed_part(*after, sound, 5000, 100);
      after->finish();
    }
  }
  EXPECT_GT(refused, 12);  // at least the magic, the channel count and the rate
}

}  // namespace
}  // namespace cleangate::probes
