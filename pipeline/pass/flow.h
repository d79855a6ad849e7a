// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <oneapi/tbb/task_group.h>

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>

namespace cleangate::pass {

// The tasks of one pass and the memory they may hold. Called by the demuxing thread, inside the
// arena whose size is the thread budget. Where enough waits, that thread works some of it
// off itself, so that one thread alone gets through as well; it sleeps only while the memory is
// held by tasks that others are running.
class Flow {
 public:
  // A job keeps a thread busy for long: few of them wait. All else is light and goes before jobs.
  enum class Weight : std::uint8_t { light, job };

  Flow(int threads, std::uint64_t memory_bytes);
  ~Flow();  // waits
  Flow(const Flow&) = delete;
  Flow& operator=(const Flow&) = delete;

  [[nodiscard]] int threads() const { return static_cast<int>(threads_); }
  [[nodiscard]] std::uint64_t memory_bytes() const { return memory_bytes_; }

  // Accounts for memory that a task or a strand will hold; works tasks off while it does not fit.
  void reserve(std::uint64_t bytes);
  void release(std::uint64_t bytes) { held_->fetch_sub(bytes, std::memory_order_relaxed); }
  // For what may be given back when the flow is gone: take away what was reserved.
  using Account = std::shared_ptr<std::atomic<std::uint64_t>>;
  [[nodiscard]] Account account() const { return held_; }
  // Runs at once with one thread, else in parallel, soon.
  void run(std::function<void()> work, Weight weight = Weight::light);
  void finish();  // every task has run
  // Throws what a task threw first. Tasks run below libav's C frames too, where nothing may pass.
  void rethrow();
  // Runs `work`, keeping what it throws for rethrow().
  void guard(const std::function<void()>& work) noexcept;

  [[nodiscard]] std::uint64_t most_held() const { return most_held_; }

 private:
  using Lock = std::unique_lock<std::mutex>;
  using Queue = std::deque<std::function<void()>>;
  [[nodiscard]] Queue& next();  // what to take from: light tasks first
  bool help(Lock& lock);        // false: there is nothing to do or to await
  void work_one(Queue& queue, Lock& lock);
  void work_all();  // until nothing waits

  const std::size_t threads_;
  const std::uint64_t memory_bytes_;
  const Account held_ = std::make_shared<std::atomic<std::uint64_t>>(0);
  std::uint64_t most_held_ = 0;
  std::mutex mutex_;  // of all below but workers_
  std::condition_variable task_done_;
  Queue light_, jobs_;  // waiting
  std::size_t running_ = 0, active_workers_ = 0;
  std::exception_ptr thrown_;
  tbb::task_group workers_;
};

// Work on one thing (a digest, a stream of sound) that must happen in order: a queue drained by
// one task at a time.
class Strand {
 public:
  explicit Strand(Flow& flow) : flow_(flow) {}
  // `bytes` are held until the work is done. Demuxing thread only.
  void post(std::uint64_t bytes, std::function<void()> work);

 private:
  struct Item {
    std::uint64_t bytes = 0;
    std::function<void()> work;
  };
  void drain();

  Flow& flow_;
  std::mutex mutex_;
  std::deque<Item> items_;
  bool draining_ = false;
};

}  // namespace cleangate::pass
