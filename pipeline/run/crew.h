// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <span>
#include <thread>
#include <utility>
#include <vector>

namespace cleangate::run {

// Threads that wait (for a worker, for the disk), so that the scheduler's need not. Each takes what
// has come, up to `most` at once: whatever came while the last group was written makes the next, so
// that one fsync serves many. Groups begin at least `apart` from each other, unless one is full:
// what comes alone does not wait, of many that come quickly more go together. `work` must not
// throw.
template <class Work>
class Crew {
 public:
  using Clock = std::chrono::steady_clock;
  Crew(int threads, std::size_t most, std::function<void(std::span<Work>)> work,
       Clock::duration apart = Clock::duration::zero())
      : most_(most), apart_(apart), work_(std::move(work)) {
    threads_.reserve(static_cast<std::size_t>(threads));
    for (int i = 0; i < threads; ++i) threads_.emplace_back([this] { run(); });
  }
  ~Crew() { finish(); }
  // Does what waits and ends the threads.
  void finish() {
    {
      const std::scoped_lock lock(mutex_);
      finishing_ = true;
    }
    came_.notify_all();
    threads_.clear();
  }
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  void put(Work work) {
    {
      const std::scoped_lock lock(mutex_);
      waiting_.push_back(std::move(work));
    }
    came_.notify_one();
  }

 private:
  void run() {
    std::unique_lock lock(mutex_);
    Clock::time_point next{};
    for (;;) {
      came_.wait(lock, [this] { return finishing_ || !waiting_.empty(); });
      if (apart_ > Clock::duration::zero())
        came_.wait_until(lock, next, [this] { return finishing_ || waiting_.size() >= most_; });
      if (waiting_.empty()) return;
      next = Clock::now() + apart_;
      std::vector<Work> group;
      while (!waiting_.empty() && group.size() < most_) {
        group.push_back(std::move(waiting_.front()));
        waiting_.pop_front();
      }
      lock.unlock();
      work_(group);
      lock.lock();
    }
  }

  const std::size_t most_;
  const Clock::duration apart_;
  const std::function<void(std::span<Work>)> work_;
  std::mutex mutex_;
  std::condition_variable came_;
  std::deque<Work> waiting_;
  bool finishing_ = false;
  std::vector<std::jthread> threads_;  // last: they use all the others
};

}  // namespace cleangate::run
