// SPDX-License-Identifier: Apache-2.0
#include "pipeline/pass/flow.h"

#include <gtest/gtest.h>
#include <oneapi/tbb/task_arena.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <future>
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

// A long job elsewhere must not keep the demuxing thread from going on.
TEST(Flow, OneLongJobHoldsNobodyUp) {
  in_arena(2, [] {
    Flow flow(2, 1 << 20);
    std::promise<void> posted;
    std::future_status status = std::future_status::deferred;
    flow.run([&] { status = posted.get_future().wait_for(std::chrono::seconds(20)); },
             Flow::Weight::job);
    std::atomic<int> done{0};
    for (int i = 0; i < 200; ++i) flow.run([&done] { ++done; });
    posted.set_value();
    flow.finish();
    EXPECT_EQ(status, std::future_status::ready);
    EXPECT_EQ(done, 200);
  });
}

// The demuxing thread takes a job over only when the other threads have enough of them.
TEST(Flow, FewJobsWait) {
  in_arena(2, [] {
    Flow flow(2, 1 << 20);
    std::atomic<int> begun{0};
    int most_ahead = 0;
    for (int i = 0; i < 100; ++i) {
      flow.run([&] { ++begun; }, Flow::Weight::job);
      most_ahead = std::max(most_ahead, i + 1 - begun);
    }
    flow.finish();
    EXPECT_EQ(begun, 100);
    EXPECT_LE(most_ahead, 3);  // two wait, one may just have been taken
  });
}

}  // namespace
}  // namespace cleangate::test
