// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/flow.h"

#include <gtest/gtest.h>
#include <oneapi/tbb/task_arena.h>

#include <atomic>
#include <stdexcept>
#include <vector>

namespace cleangate::test {
namespace {

using pass::Flow;
using pass::Strand;

void in_arena(int threads, const std::function<void()>& body) {
  if (threads == 1) return body();
  tbb::task_arena arena(threads);
  arena.execute(body);
}

TEST(Flow, AStrandKeepsOrder) {
  for (const int threads : {1, 2, 8}) {
    in_arena(threads, [&] {
      Flow flow(threads, 1 << 20);
      Strand strand(flow);
      std::vector<int> seen;
      for (int i = 0; i < 2000; ++i) strand.post(100, [&seen, i] { seen.push_back(i); });
      flow.finish();
      ASSERT_EQ(seen.size(), 2000u);
      for (int i = 0; i < 2000; ++i) ASSERT_EQ(seen[static_cast<std::size_t>(i)], i);
    });
  }
}

TEST(Flow, MemoryStaysWithinTheLimit) {
  in_arena(4, [] {
    Flow flow(4, 1000);
    std::atomic<int> done{0};
    for (int i = 0; i < 500; ++i) {
      flow.reserve(300);
      flow.run([&] {
        ++done;
        flow.release(300);
      });
    }
    flow.finish();
    EXPECT_EQ(done, 500);
    EXPECT_LE(flow.most_held(), 1000u);
  });
}

TEST(Flow, SomethingLargerThanTheLimitPassesAlone) {
  in_arena(2, [] {
    Flow flow(2, 100);
    flow.reserve(5000);
    flow.run([&] { flow.release(5000); });
    flow.reserve(50);
    flow.release(50);
    flow.finish();
  });
}

TEST(Flow, WhatATaskThrowsComesOutAtRethrow) {
  in_arena(2, [] {
    Flow flow(2, 100);
    flow.run([] { throw std::runtime_error("broken"); });
    flow.finish();
    EXPECT_THROW(flow.rethrow(), std::runtime_error);
    EXPECT_NO_THROW(flow.rethrow());
  });
}

}  // namespace
}  // namespace cleangate::test
