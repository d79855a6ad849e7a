// SPDX-License-Identifier: Apache-2.0
#include "dam/stored_series.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>
#include <fstream>
#include <random>

#include "dam/files.h"
#include "dam/series.h"
#include "dam/series_store.h"
#include "probes/audio/peak_row.h"
#include "tests/dam/temporary_folder.h"

namespace cleangate::dam {
namespace {

using probes::AudioPeakRow;
using test::TemporaryFolder;
using ::testing::HasSubstr;

std::vector<AudioPeakRow> made_rows(std::size_t count) {
  std::mt19937 random(3);
  std::vector<AudioPeakRow> rows(count);
  for (auto& row : rows)
    row = {static_cast<std::uint32_t>(random()), static_cast<std::uint32_t>(random() % 1000), 0};
  return rows;
}

std::vector<std::byte> file_of(const std::vector<AudioPeakRow>& rows) {
  Series series(AudioPeakRow::kType);
  series.append(std::as_bytes(std::span(rows)));
  series.seal();
  return series.encode();
}

void put(const std::string& path, std::span<const std::byte> bytes) {
  std::ofstream(path, std::ios::binary | std::ios::trunc)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
}

TEST(StoredSeries, ReadsWhatWasWritten) {
  const TemporaryFolder folder;
  const auto rows = made_rows(10'000);
  put(folder / "a", file_of(rows));
  const auto series = StoredSeries::open(folder / "a");
  ASSERT_TRUE(series) << series.error().message;
  ASSERT_EQ((*series)->row_count(), 10'000);
  EXPECT_EQ((*series)->bytes_read(), 0u);
  for (const auto& [first, count] : std::vector<std::pair<std::int64_t, std::size_t>>{
           {0, 10'000}, {4095, 2}, {4096, 4096}, {9999, 1}, {10'000, 0}, {5, 8192}}) {
    std::vector<std::int64_t> peak(count), sample(count), flags(count);
    ASSERT_TRUE((*series)->read("true_peak", 0, first, peak));
    ASSERT_TRUE((*series)->read("sample_peak", 0, first, sample));
    ASSERT_TRUE((*series)->read("flags", 0, first, flags));
    for (std::size_t i = 0; i < count; ++i) {
      ASSERT_EQ(peak[i], rows[static_cast<std::size_t>(first) + i].true_peak);
      ASSERT_EQ(sample[i], rows[static_cast<std::size_t>(first) + i].sample_peak);
      ASSERT_EQ(flags[i], 0);
    }
  }
}

TEST(StoredSeries, FetchesOnlyWhatIsAskedFor) {
  const TemporaryFolder folder;
  const auto file = file_of(made_rows(40'960));
  put(folder / "a", file);
  const auto series = StoredSeries::open(folder / "a");
  ASSERT_TRUE(series);
  EXPECT_EQ((*series)->bounds("flags", 0, 3).max, 0);
  std::vector<std::int64_t> flags(40'960), few(10);
  ASSERT_TRUE((*series)->read("flags", 0, 0, flags));
  EXPECT_EQ((*series)->bytes_read(), 0u);  // constant: the index says it
  ASSERT_TRUE((*series)->read("true_peak", 0, 5000, few));
  EXPECT_LT((*series)->bytes_read(), file.size() / 10);
}

TEST(StoredSeries, WrongQuestionsAreErrors) {
  const TemporaryFolder folder;
  put(folder / "a", file_of(made_rows(100)));
  const auto series = StoredSeries::open(folder / "a");
  std::vector<std::int64_t> into(10);
  EXPECT_FALSE((*series)->read("nothing", 0, 0, into));
  EXPECT_FALSE((*series)->read("flags", 1, 0, into));
  EXPECT_FALSE((*series)->read("flags", 0, 91, into));
  EXPECT_FALSE((*series)->read("flags", 0, -1, into));
}

// Whatever byte changes: an error, or (never) other rows.
TEST(StoredSeries, NoFlippedBitGivesOtherRows) {
  const TemporaryFolder folder;
  const auto rows = made_rows(5000);
  const auto file = file_of(rows);
  std::mt19937 random(5);
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < 260; ++i) positions.push_back(i);  // head, index, checksum
  for (int i = 0; i < 300; ++i) positions.push_back(random() % file.size());
  for (const std::size_t at : positions) {
    auto damaged = file;
    damaged[at] ^= static_cast<std::byte>(1u << (random() % 8));
    put(folder / "a", damaged);
    const auto series = StoredSeries::open(folder / "a");
    bool error = !series;
    for (const char* column : {"true_peak", "sample_peak", "flags"}) {
      if (!series) break;
      std::vector<std::int64_t> values(5000);
      const auto read = (*series)->read(column, 0, 0, values);
      if (!read) {
        EXPECT_EQ(read.error().code, ErrorCode::damaged);
      }
      error = error || !read;
    }
    EXPECT_TRUE(error) << "byte " << at;
    EXPECT_FALSE(Series::decode(damaged)) << "byte " << at;
  }
}

TEST(StoredSeries, ATruncatedFileIsRefused) {
  const TemporaryFolder folder;
  const auto file = file_of(made_rows(5000));
  for (const std::size_t length : {0ul, 1ul, 8ul, 40ul, 200ul, file.size() / 2, file.size() - 1}) {
    put(folder / "a", std::span(file).first(length));
    const auto series = StoredSeries::open(folder / "a");
    ASSERT_FALSE(series) << length;
    EXPECT_EQ(series.error().code, ErrorCode::damaged);
    EXPECT_THAT(series.error().message, HasSubstr(folder.path()));
  }
  EXPECT_EQ(StoredSeries::open(folder / "none").error().code, ErrorCode::not_found);
  EXPECT_FALSE(StoredSeries::open(folder.path()));
}

TEST(StoredSeries, AFileCutWhileItIsOpenIsAnError) {
  const TemporaryFolder folder;
  const auto file = file_of(made_rows(5000));
  put(folder / "a", file);
  const auto series = StoredSeries::open(folder / "a");
  put(folder / "a", std::span(file).first(300));
  std::vector<std::int64_t> values(5000);
  EXPECT_FALSE((*series)->read("true_peak", 0, 0, values));
}

TEST(SeriesStore, FilesAreNamedByWhatTheyHold) {
  const TemporaryFolder folder;
  const SeriesStore store(folder / "c.series");
  const auto file = file_of(made_rows(10));
  Sha256 digest;
  {
    SeriesStore::Batch batch(store);
    digest = *batch.add(file);
    EXPECT_EQ(batch.add(file), digest);  // twice is once
    EXPECT_FALSE(store.has(digest));     // not yet
    ASSERT_TRUE(batch.settle());
  }
  EXPECT_EQ(digest, sha256_of(file));
  EXPECT_TRUE(store.has(digest));
  EXPECT_EQ(read_file(store.path_of(digest)), file);
  EXPECT_TRUE(store.verify(digest));
  const auto entries = store.list();
  ASSERT_EQ(entries->size(), 1u);
  EXPECT_TRUE(entries->front().is_series);
  EXPECT_EQ(entries->front().digest, digest);
  ASSERT_TRUE(store.remove(digest));
  EXPECT_EQ(store.verify(digest).error().code, ErrorCode::not_found);
}

TEST(SeriesStore, WhatIsNotSettledLeavesNothing) {
  const TemporaryFolder folder;
  const SeriesStore store(folder / "c.series");
  { EXPECT_TRUE(SeriesStore::Batch(store).add(file_of(made_rows(10)))); }
  EXPECT_TRUE(store.list()->empty());
}

TEST(SeriesStore, ADamagedFileIsReplacedWhenItIsMeasuredAnew) {
  const TemporaryFolder folder;
  const SeriesStore store(folder / "c.series");
  const auto file = file_of(made_rows(10));
  for (int i = 0; i < 2; ++i) {
    SeriesStore::Batch batch(store);
    const auto digest = batch.add(file);
    ASSERT_TRUE(batch.settle());
    ASSERT_TRUE(store.verify(*digest));
    put(store.path_of(*digest), std::span(file).first(20));
    EXPECT_EQ(store.verify(*digest).error().code, ErrorCode::damaged);
  }
}

TEST(SeriesStore, ManyFilesAtOnceNeedFewDescriptors) {
  const TemporaryFolder folder;
  const SeriesStore store(folder / "c.series");
  SeriesStore::Batch batch(store);
  for (std::size_t i = 1; i <= 1500; ++i) ASSERT_TRUE(batch.add(file_of(made_rows(i % 300 + 1))));
  std::vector<std::byte> one(8);
  for (std::uint64_t i = 0; i < 1500; ++i) {
    std::memcpy(one.data(), &i, 8);
    ASSERT_TRUE(batch.add(one));
  }
  ASSERT_TRUE(batch.settle());
  EXPECT_EQ(store.list()->size(), 1800u);
}

}  // namespace
}  // namespace cleangate::dam
