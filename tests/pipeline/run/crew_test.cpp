// SPDX-License-Identifier: Apache-2.0
#include "pipeline/run/crew.h"

#include <gtest/gtest.h>

#include <atomic>
#include <numeric>

namespace cleangate::run {
namespace {

TEST(Crew, EverythingIsDoneOnceAndInOrderByOne) {
  std::vector<int> done;
  {
    Crew<int> crew(1, 7, [&](std::span<int> group) {
      EXPECT_LE(group.size(), 7u);
      done.insert(done.end(), group.begin(), group.end());
    });
    for (int i = 0; i < 1000; ++i) crew.put(i);
  }
  std::vector<int> expected(1000);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(done, expected);
}

TEST(Crew, WhatComesMeanwhileMakesOneGroup) {
  std::vector<std::size_t> groups;
  std::atomic<bool> go = false;
  Crew<int> crew(1, 100, [&](std::span<int> group) {
    groups.push_back(group.size());
    while (!go) std::this_thread::yield();
  });
  crew.put(0);
  while (groups.empty()) std::this_thread::yield();
  for (int i = 0; i < 50; ++i) crew.put(i);
  go = true;
  crew.finish();
  EXPECT_EQ(groups, (std::vector<std::size_t>{1, 50}));
}

TEST(Crew, GroupsApartGatherWhatComesQuickly) {
  std::vector<std::size_t> groups;
  std::atomic<int> done = 0;
  Crew<int> crew(
      1, 4,
      [&](std::span<int> group) {
        groups.push_back(group.size());
        done += static_cast<int>(group.size());
      },
      std::chrono::hours(1));
  crew.put(0);  // alone: at once
  while (done < 1) std::this_thread::yield();
  for (int i = 0; i < 4; ++i) crew.put(i);  // a full group does not wait
  while (done < 5) std::this_thread::yield();
  crew.put(0);
  crew.put(0);
  crew.finish();  // nor does the end
  EXPECT_EQ(groups, (std::vector<std::size_t>{1, 4, 2}));
}

TEST(Crew, ManyThreadsLoseNothing) {
  std::atomic<int> sum = 0;
  {
    Crew<int> crew(4, 1, [&](std::span<int> one) { sum += one[0]; });
    for (int i = 1; i <= 1000; ++i) crew.put(i);
  }
  EXPECT_EQ(sum, 500'500);
}

}  // namespace
}  // namespace cleangate::run
