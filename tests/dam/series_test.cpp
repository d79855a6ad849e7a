// SPDX-License-Identifier: Apache-2.0
#include "dam/series.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>

#include "probes/audio/peak_row.h"
#include "probes/picture/frame_time_row.h"

namespace cleangate::dam {
namespace {

using probes::AudioPeakRow;
using probes::FrameTimeRow;

template <class Row>
std::span<const std::byte> bytes_of(const std::vector<Row>& rows) {
  return std::as_bytes(std::span(rows));
}

std::vector<FrameTimeRow> frames(std::size_t count) {
  std::vector<FrameTimeRow> rows(count);
  for (std::size_t i = 0; i < count; ++i)
    rows[i] = {static_cast<std::int64_t>(i) * 1001 - 50, 1001, i % 12 == 0 ? 4u : 0u,
               1920u << 16 | 1080u};
  return rows;
}

std::vector<AudioPeakRow> noise(std::size_t count) {
  std::mt19937 random(3);
  const auto word = [&random] { return static_cast<std::uint32_t>(random()); };
  std::vector<AudioPeakRow> rows(count);
  for (auto& row : rows) row = {word(), word(), word() % 3};
  return rows;
}

TEST(Series, ReadsEveryColumnBack) {
  const auto rows = frames(10'000);
  Series series(FrameTimeRow::kType);
  series.append(bytes_of(rows));
  series.seal();
  ASSERT_EQ(series.row_count(), 10'000);
  std::vector<std::int64_t> pts(rows.size()), flags(rows.size());
  ASSERT_TRUE(series.read("pts", 0, 0, pts));
  ASSERT_TRUE(series.read("flags", 0, 0, flags));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    ASSERT_EQ(pts[i], rows[i].pts);
    ASSERT_EQ(flags[i], rows[i].flags);
  }
  std::vector<std::int64_t> middle(5000);
  ASSERT_TRUE(series.read("pts", 0, 4000, middle));
  EXPECT_EQ(middle.front(), rows[4000].pts);
  EXPECT_EQ(middle.back(), rows[8999].pts);
}

TEST(Series, BytesDoNotDependOnThePieces) {
  const auto rows = noise(9001);
  Series whole(AudioPeakRow::kType), pieces(AudioPeakRow::kType);
  whole.append(bytes_of(rows));
  std::mt19937 random(11);
  for (std::size_t at = 0; at < rows.size();) {
    const std::size_t count = std::min<std::size_t>(random() % 700, rows.size() - at);
    pieces.append(std::as_bytes(std::span(rows).subspan(at, count)));
    at += count;
  }
  whole.seal();
  pieces.seal();
  EXPECT_EQ(whole.encode(), pieces.encode());
}

TEST(Series, BoundsAreThoseOfTheirChunk) {
  auto rows = frames(5000);
  rows[4500].pts = 99'999'999;
  Series series(FrameTimeRow::kType);
  series.append(bytes_of(rows));
  series.seal();
  EXPECT_EQ(series.bounds("pts", 0, 0).min, -50);
  EXPECT_EQ(series.bounds("pts", 0, 0).max, rows[4095].pts);
  EXPECT_EQ(series.bounds("pts", 0, 1).max, 99'999'999);
}

TEST(Series, SurvivesTheFile) {
  const auto rows = noise(4097);
  Series series(AudioPeakRow::kType);
  series.append(bytes_of(rows));
  series.seal();
  const auto file = series.encode();
  const auto back = Series::decode(file);
  ASSERT_TRUE(back) << back.error().message;
  EXPECT_EQ((*back)->row_count(), 4097);
  EXPECT_EQ((*back)->encode(), file);
}

TEST(Series, AnEmptyOneIsASeries) {
  Series series(AudioPeakRow::kType);
  series.seal();
  const auto back = Series::decode(series.encode());
  ASSERT_TRUE(back);
  EXPECT_EQ((*back)->row_count(), 0);
}

TEST(Series, AskingForWhatIsNotThereIsAnError) {
  Series series(AudioPeakRow::kType);
  series.append(bytes_of(noise(10)));
  series.seal();
  std::vector<std::int64_t> into(5);
  EXPECT_FALSE(series.read("no_such_column", 0, 0, into));
  EXPECT_FALSE(series.read("true_peak", 1, 0, into));
  EXPECT_FALSE(series.read("true_peak", 0, 6, into));
  EXPECT_FALSE(series.read("true_peak", 0, -1, into));
}

// Whatever is cut or flipped: an error, or a series that answers within its bounds. Never a crash
// (run under ASan by .ci/run).
TEST(Series, HostileFilesDoNoHarm) {
  Series series(FrameTimeRow::kType);
  series.append(bytes_of(frames(4500)));
  series.seal();
  const auto file = series.encode();
  for (std::size_t size = 0; size < std::min<std::size_t>(file.size(), 400); ++size)
    EXPECT_FALSE(Series::decode(std::span(file).first(size)));
  EXPECT_FALSE(Series::decode(std::span(file).first(file.size() - 1)));
  std::mt19937 random(5);
  for (int i = 0; i < 2000; ++i) {
    auto altered = file;
    altered[random() % std::min<std::size_t>(altered.size(), 300)] =
        static_cast<std::byte>(random());
    const auto read = Series::decode(altered);
    if (!read) continue;
    std::vector<std::int64_t> into(static_cast<std::size_t>((*read)->row_count()));
    static_cast<void>((*read)->read("pts", 0, 0, into));
  }
}

}  // namespace
}  // namespace cleangate::dam
